package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.function.BiConsumer;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Finds workers that have served, lived or grown enough and are to be replaced. Used on
 * the event loop only.
 */
final class Recycler {

	static final Duration INTERVAL = Duration.ofMillis(250);

	private static final Log logger = MasterLog.of(Recycler.class);

	private final MasterSettings.Recycling limits;

	private final Workers workers;

	private final BiConsumer<WorkerHandle, ExitReason> onExceeded;

	/**
	 * Create a recycler.
	 * @param limits the limits
	 * @param workers the workers
	 * @param onExceeded is given a worker that is to be replaced, and the reason
	 */
	Recycler(MasterSettings.Recycling limits, Workers workers, BiConsumer<WorkerHandle, ExitReason> onExceeded) {
		this.limits = limits;
		this.workers = workers;
		this.onExceeded = onExceeded;
	}

	void check() {
		for (WorkerHandle worker : this.workers.all()) {
			if (worker.hasBeenReady() && worker.isStaying() && !worker.replacement().isDue()) {
				ExitReason reason = exceeded(worker);
				if (reason != null) {
					logger.info(worker + " is recycled (" + reason + ")");
					this.onExceeded.accept(worker, reason);
				}
			}
		}
	}

	private @Nullable ExitReason exceeded(WorkerHandle worker) {
		double jitter = worker.replacement().jitter();
		if (isExceeded(this.limits.maxRequests() * jitter, worker.slot().requestsBegun())) {
			return ExitReason.MAX_REQUESTS;
		}
		if (isExceeded(this.limits.maxLifetime().toNanos() * jitter, worker.age().toNanos())) {
			return ExitReason.MAX_LIFETIME;
		}
		if (isExceeded(this.limits.maxMemory(), worker.slot().resident())) {
			return ExitReason.MAX_MEMORY;
		}
		return null;
	}

	private static boolean isExceeded(double limit, long value) {
		return limit > 0 && value > limit;
	}

}
