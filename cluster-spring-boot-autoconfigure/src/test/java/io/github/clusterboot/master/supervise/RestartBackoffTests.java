package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.master.loop.TimeSource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RestartBackoff}.
 */
class RestartBackoffTests {

	private static final Duration NEVER_READY = Duration.ZERO;

	private final Time time = new Time();

	@Test
	void leaveEmptyLeavesThatIndexEmptyForTheDelay() {
		RestartBackoff backoff = backoff(100, 2, 1000);
		assertThat(backoff.leaveEmpty(0, NEVER_READY)).hasMillis(100);
		this.time.pass(Duration.ofNanos(99_999_999));
		assertThat(backoff.isFree(0)).isFalse();
		assertThat(backoff.isFree(1)).isTrue();
		this.time.pass(Duration.ofNanos(1));
		assertThat(backoff.isFree(0)).isTrue();
	}

	@Test
	void leaveEmptyGrowsByTheMultiplierUpToTheCeiling() {
		assertThat(failures(backoff(100, 2, 1000), 7)).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
	}

	@Test
	void leaveEmptyWhenTheMultiplierIsAFractionGrowsByIt() {
		assertThat(failures(backoff(100, 1.5, 30_000), 4)).containsExactly(100L, 150L, 225L, 337L);
	}

	@Test
	void leaveEmptyWhenTheMultiplierIsOneStaysTheSame() {
		assertThat(failures(backoff(50, 1, 30_000), 4)).containsOnly(50L);
	}

	@Test
	void leaveEmptyWhenTheInitialDelayIsAboveTheCeilingReturnsTheCeiling() {
		assertThat(failures(backoff(5000, 2, 1000), 3)).containsOnly(1000L);
	}

	@Test
	void leaveEmptyWhenReadyForLessThanNeededGrowsOn() {
		RestartBackoff backoff = backoff(100, 2, 1000);
		failures(backoff, 2);
		assertThat(backoff.leaveEmpty(0, Duration.ofMillis(29_999))).hasMillis(400);
		assertThat(backoff.leaveEmpty(0, NEVER_READY)).hasMillis(800);
	}

	@Test
	void leaveEmptyWhenReadyForLongEnoughStartsAgain() {
		RestartBackoff backoff = backoff(100, 2, 1000);
		failures(backoff, 5);
		assertThat(backoff.leaveEmpty(0, Duration.ofSeconds(30))).hasMillis(100);
		assertThat(backoff.leaveEmpty(0, NEVER_READY)).hasMillis(200);
	}

	@Test
	void leaveEmptyWhenItFailsForAnAgeDoesNotOverflow() {
		RestartBackoff backoff = new RestartBackoff(
				new MasterSettings.Restart(Duration.ofMillis(1), 1e9, Duration.ofDays(100_000), Duration.ofSeconds(30)),
				this.time);
		List<Long> delays = failures(backoff, 100);
		assertThat(delays.get(99)).isEqualTo(Duration.ofDays(100_000).toMillis());
		assertThat(backoff.isFree(0)).isFalse();
	}

	@Test
	void resetEndsTheDelaysAndBeginsAnew() {
		RestartBackoff backoff = backoff(100, 2, 1000);
		failures(backoff, 3);
		backoff.reset();
		assertThat(backoff.isFree(0)).isTrue();
		assertThat(backoff.leaveEmpty(0, NEVER_READY)).hasMillis(100);
	}

	@Test
	void pauseLeavesAllIndexesEmptyForAMoment() {
		RestartBackoff backoff = backoff(100, 2, 1000);
		backoff.pause();
		assertThat(backoff.isFree(0)).isFalse();
		assertThat(backoff.isFree(1)).isFalse();
		this.time.pass(Duration.ofSeconds(1));
		assertThat(backoff.isFree(0)).isTrue();
	}

	private RestartBackoff backoff(long initial, double multiplier, long max) {
		return new RestartBackoff(new MasterSettings.Restart(Duration.ofMillis(initial), multiplier,
				Duration.ofMillis(max), Duration.ofSeconds(30)), this.time);
	}

	private static List<Long> failures(RestartBackoff backoff, int count) {
		return Stream.generate(() -> backoff.leaveEmpty(0, NEVER_READY).toMillis()).limit(count).toList();
	}

	private static final class Time implements TimeSource {

		private long nanos;

		void pass(Duration time) {
			this.nanos += time.toNanos();
		}

		@Override
		public long nanoTime() {
			return this.nanos;
		}

		@Override
		public Instant now() {
			throw new UnsupportedOperationException("Not needed here");
		}

	}

}
