package io.github.clusterboot.master;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RestartDelay}.
 */
class RestartDelayTests {

	private static final Duration NEVER_READY = Duration.ZERO;

	@Test
	void afterFailureGrowsByTheMultiplierUpToTheCeiling() {
		RestartDelay delay = delay(100, 2, 1000);
		assertThat(failures(delay, 7)).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
	}

	@Test
	void afterFailureWhenTheMultiplierIsAFractionGrowsByIt() {
		assertThat(failures(delay(100, 1.5, 30_000), 4)).containsExactly(100L, 150L, 225L, 337L);
	}

	@Test
	void afterFailureWhenTheMultiplierIsOneStaysTheSame() {
		assertThat(failures(delay(50, 1, 30_000), 4)).containsOnly(50L);
	}

	@Test
	void afterFailureWhenTheInitialDelayIsAboveTheCeilingReturnsTheCeiling() {
		assertThat(failures(delay(5000, 2, 1000), 3)).containsOnly(1000L);
	}

	@Test
	void afterFailureWhenReadyForLessThanNeededGrowsOn() {
		RestartDelay delay = delay(100, 2, 1000);
		failures(delay, 2);
		assertThat(delay.afterFailure(Duration.ofMillis(29_999))).hasMillis(400);
		assertThat(delay.afterFailure(NEVER_READY)).hasMillis(800);
	}

	@Test
	void afterFailureWhenReadyForLongEnoughStartsAgain() {
		RestartDelay delay = delay(100, 2, 1000);
		failures(delay, 5);
		assertThat(delay.afterFailure(Duration.ofSeconds(30))).hasMillis(100);
		assertThat(delay.afterFailure(NEVER_READY)).hasMillis(200);
	}

	@Test
	void afterFailureWhenItFailsForAnAgeDoesNotOverflow() {
		RestartDelay delay = new RestartDelay(new MasterSettings.Restart(Duration.ofMillis(1), 1e9,
				Duration.ofDays(100_000), Duration.ofSeconds(30)));
		assertThat(failures(delay, 100).reduce((first, second) -> second))
			.contains(Duration.ofDays(100_000).toMillis());
	}

	private static RestartDelay delay(long initial, double multiplier, long max) {
		return new RestartDelay(new MasterSettings.Restart(Duration.ofMillis(initial), multiplier,
				Duration.ofMillis(max), Duration.ofSeconds(30)));
	}

	private static Stream<Long> failures(RestartDelay delay, int count) {
		return Stream.generate(() -> delay.afterFailure(NEVER_READY).toMillis()).limit(count).toList().stream();
	}

}
