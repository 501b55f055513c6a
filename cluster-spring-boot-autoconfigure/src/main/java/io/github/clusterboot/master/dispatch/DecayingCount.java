package io.github.clusterboot.master.dispatch;

import java.time.Duration;

import io.github.clusterboot.master.loop.TimeSource;

/**
 * Counts what has happened recently: each event counts the less the longer ago it was.
 * Used on the event loop only.
 */
final class DecayingCount {

	/**
	 * After this time one counts for little more than a third.
	 */
	private static final Duration MEMORY = Duration.ofSeconds(10);

	private double count;

	private long countedAt;

	/**
	 * Count one.
	 * @param now the time by {@link TimeSource#nanoTime()}
	 */
	void increment(long now) {
		this.count = get(now) + 1;
		this.countedAt = now;
	}

	/**
	 * Return the count.
	 * @param now the time by {@link TimeSource#nanoTime()}
	 * @return the number
	 */
	double get(long now) {
		return (this.count > 0) ? this.count * Math.exp((double) (this.countedAt - now) / MEMORY.toNanos()) : 0;
	}

}
