package io.github.clusterboot.master.supervise;

import java.util.concurrent.ThreadLocalRandom;

import io.github.clusterboot.ExitReason;
import org.jspecify.annotations.Nullable;

/**
 * Whether a worker is to be replaced, and why. Used on the event loop only.
 */
final class ReplacementReason {

	/**
	 * Keeps workers that were started together from being recycled together.
	 */
	private static final double JITTER = 0.1;

	private final double jitter = ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);

	private @Nullable ExitReason reason;

	/**
	 * Return the factor by which the limits at which this worker is recycled differ from
	 * the configured ones.
	 * @return a number about 1
	 */
	double jitter() {
		return this.jitter;
	}

	/**
	 * Note that the worker is to be replaced. The first reason stays.
	 * @param reason why
	 */
	void dueFor(ExitReason reason) {
		if (this.reason == null) {
			this.reason = reason;
		}
	}

	/**
	 * Note that the worker stays after all.
	 */
	void cancel() {
		this.reason = null;
	}

	boolean isDue() {
		return this.reason != null;
	}

	boolean isDueFor(ExitReason reason) {
		return this.reason == reason;
	}

	/**
	 * Return why the worker is to be replaced.
	 * @return the reason; a rolling restart if it has none of its own
	 */
	ExitReason reason() {
		return (this.reason != null) ? this.reason : ExitReason.RESTART;
	}

}
