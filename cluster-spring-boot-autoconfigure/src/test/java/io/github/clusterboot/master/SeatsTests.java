package io.github.clusterboot.master;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Seats}.
 */
class SeatsTests {

	private final Seats seats = new Seats(
			new MasterSettings.Restart(Duration.ofHours(1), 2, Duration.ofHours(2), Duration.ofHours(1)));

	@Test
	void leaveEmptyLeavesThatSeatEmpty() {
		assertThat(this.seats.leaveEmpty(0, Duration.ZERO)).isEqualTo(Duration.ofHours(1));
		assertThat(this.seats.isFree(0)).isFalse();
		assertThat(this.seats.isFree(1)).isTrue();
	}

	@Test
	void freeEndsTheDelays() {
		this.seats.leaveEmpty(0, Duration.ZERO);
		this.seats.free();
		assertThat(this.seats.isFree(0)).isTrue();
	}

	@Test
	void pauseLeavesAllSeatsEmpty() {
		this.seats.pause();
		assertThat(this.seats.isFree(0)).isFalse();
		assertThat(this.seats.isFree(1)).isFalse();
	}

}
