package io.github.clusterboot.master;

import java.time.Duration;

/**
 * The growing delay between the unexpected exits at one worker index and the next start
 * there. Used on the event loop only.
 */
final class RestartDelay {

	private final MasterSettings.Restart settings;

	private Duration next;

	RestartDelay(MasterSettings.Restart settings) {
		this.settings = settings;
		this.next = settings.initialDelay();
	}

	/**
	 * Return how long to wait after an unexpected exit.
	 * @param ready how long the worker had been ready
	 * @return the delay
	 */
	Duration afterFailure(Duration ready) {
		if (ready.compareTo(this.settings.resetAfter()) >= 0) {
			this.next = this.settings.initialDelay();
		}
		Duration delay = min(this.next, this.settings.maxDelay());
		double grown = Math.min(delay.toNanos() * this.settings.multiplier(), this.settings.maxDelay().toNanos());
		this.next = Duration.ofNanos((long) grown);
		return delay;
	}

	private static Duration min(Duration a, Duration b) {
		return (a.compareTo(b) <= 0) ? a : b;
	}

}
