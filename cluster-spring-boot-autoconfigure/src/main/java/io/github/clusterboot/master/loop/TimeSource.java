package io.github.clusterboot.master.loop;

import java.time.Duration;
import java.time.Instant;

/**
 * The time by which the master decides.
 */
public interface TimeSource {

	/**
	 * Return the time by a clock that is never set. Only differences mean something.
	 * @return the time in nanoseconds
	 */
	long nanoTime();

	/**
	 * Return the time of day.
	 * @return the time, in whole milliseconds
	 */
	Instant now();

	/**
	 * Return how long ago something was.
	 * @param nanoTime when it was, by {@link #nanoTime()}
	 * @return the time since
	 */
	default Duration since(long nanoTime) {
		return Duration.ofNanos(nanoTime() - nanoTime);
	}

}
