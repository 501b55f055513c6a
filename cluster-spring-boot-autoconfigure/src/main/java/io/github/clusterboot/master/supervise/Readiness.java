package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.time.Instant;

import io.github.clusterboot.master.loop.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Since when a worker has been ready, whether others can rely on that, and whether it has
 * been told that it no longer is. Used on the event loop only.
 */
final class Readiness {

	/**
	 * How long a worker has to be ready before others rely on it: an application may
	 * accept traffic for a moment and refuse it then.
	 */
	static final Duration TIME_TO_SETTLE = Duration.ofSeconds(1);

	private final TimeSource clock;

	private final long startNanos;

	private @Nullable Instant time;

	private long nanos;

	private int count;

	private long begun;

	private boolean settled;

	private boolean refusalUntold;

	/**
	 * Create the readiness of a worker that has just been started.
	 * @param clock the time
	 */
	Readiness(TimeSource clock) {
		this.clock = clock;
		this.startNanos = clock.nanoTime();
	}

	/**
	 * Note that the worker has become ready.
	 */
	void begins() {
		if (this.time == null) {
			this.time = this.clock.now();
			this.nanos = this.clock.nanoTime();
		}
		this.count++;
		this.begun = this.clock.nanoTime();
		this.refusalUntold = false;
	}

	/**
	 * Note that the application refuses traffic, which has not been told yet.
	 */
	void ends() {
		this.refusalUntold = true;
	}

	/**
	 * Return when the worker was ready for the first time.
	 * @return the time, or {@code null} if it has never been ready
	 */
	@Nullable Instant time() {
		return this.time;
	}

	/**
	 * Return how often the worker has become ready.
	 * @return the number
	 */
	int count() {
		return this.count;
	}

	/**
	 * Return whether the worker was ever ready without a break for as long as it takes to
	 * rely on it.
	 * @return whether its start has succeeded
	 */
	boolean isSettled() {
		return this.settled;
	}

	/**
	 * Return whether the worker has been ready for long enough, if it is ready now.
	 * @return whether others can rely on it
	 */
	boolean isDue() {
		return !this.settled && this.clock.since(this.begun).compareTo(TIME_TO_SETTLE) >= 0;
	}

	void settles() {
		this.settled = true;
	}

	/**
	 * Return how long it took from the start until the worker was ready.
	 * @return the time
	 */
	Duration timeFromStart() {
		return Duration.ofNanos(this.nanos - this.startNanos);
	}

	/**
	 * Return how long ago the worker was ready for the first time.
	 * @return the time, or 0 if it has never been ready
	 */
	Duration timeSince() {
		return (this.time != null) ? this.clock.since(this.nanos) : Duration.ZERO;
	}

	boolean isRefusalUntold() {
		return this.refusalUntold;
	}

	void refusalTold() {
		this.refusalUntold = false;
	}

}
