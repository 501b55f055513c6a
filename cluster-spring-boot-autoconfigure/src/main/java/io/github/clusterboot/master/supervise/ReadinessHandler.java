package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.loop.Durations;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import org.apache.commons.logging.Log;

/**
 * What happens when a worker's application accepts traffic or refuses it. Used on the
 * event loop only.
 */
final class ReadinessHandler {

	private static final Log logger = MasterLog.of(ReadinessHandler.class);

	/**
	 * An application whose context closes refuses traffic just before it says that it
	 * leaves.
	 */
	private static final Duration TIME_TO_LEAVE = Duration.ofMillis(100);

	private final SupervisionContext context;

	private final Rollout rollout;

	private final FailedStarts failedStarts;

	private final StartHandler starts;

	private final Runnable onChange;

	/**
	 * Create a handler.
	 * @param context what the supervision works with
	 * @param rollout the generations
	 * @param failedStarts is told of starts that succeed
	 * @param starts limits the time of a worker on trial
	 * @param onChange called when the number of workers that serve has changed
	 */
	ReadinessHandler(SupervisionContext context, Rollout rollout, FailedStarts failedStarts, StartHandler starts,
			Runnable onChange) {
		this.context = context;
		this.rollout = rollout;
		this.failedStarts = failedStarts;
		this.starts = starts;
		this.onChange = onChange;
	}

	/**
	 * A worker's readiness state has changed.
	 * @param worker the worker
	 * @param accepting whether its application accepts traffic
	 */
	void changed(WorkerHandle worker, boolean accepting) {
		if (accepting && !worker.isReady() && worker.isStaying() && !worker.exitCause().isKilled()) {
			tellOutOfService(worker);
			accepts(worker);
		}
		else if (!accepting && worker.isReady()) {
			refuses(worker);
		}
	}

	private void refuses(WorkerHandle worker) {
		worker.refuses();
		Steps.take("take back the connections of " + worker, () -> this.context.listeners().takeBack(worker));
		if (this.rollout.isOnTrial(worker) && !worker.hasDeadline()) {
			this.starts.limit(worker);
		}
		this.context.loop()
			.schedule("tell that " + worker + " is out of service", () -> tellOutOfService(worker), TIME_TO_LEAVE);
	}

	private void tellOutOfService(WorkerHandle worker) {
		if (worker.state() == WorkerState.OUT_OF_SERVICE && worker.readiness().isRefusalUntold()) {
			worker.readiness().refusalTold();
			logger.warn(worker + " is out of service: its application refuses traffic");
			this.context.journal()
				.record(ClusterEventType.WORKER_OUT_OF_SERVICE, worker.identity(), worker + " refuses traffic");
		}
	}

	private void accepts(WorkerHandle worker) {
		boolean first = !worker.hasBeenReady();
		if (worker.state() == WorkerState.DRAINING) {
			// an application that was leaving has a new context, as after a restart by
			// devtools
			worker.exitCause().leaves(false);
			worker.deadline(null);
		}
		else if (worker.readiness().isSettled()) {
			worker.deadline(null);
		}
		worker.accepts();
		if (first) {
			this.failedStarts.ready();
			this.starts.ready(worker);
			Steps.take("release the output of " + worker, worker.process()::releaseOutput);
			Steps.take("have the start of " + worker + " told", () -> this.context.observer().ready(worker.identity()));
		}
		settleLater(worker);
		String message = worker + (first ? " is ready after " + Durations.format(worker.readiness().timeFromStart())
				: " accepts traffic again");
		logger.info(message);
		this.context.journal().record(ClusterEventType.WORKER_READY, worker.identity(), message);
		this.context.listeners().reportUnserved();
		this.context.listeners().resume();
		this.onChange.run();
	}

	private void settleLater(WorkerHandle worker) {
		int readiness = worker.readiness().count();
		Steps.take("wait until " + worker + " settles", () -> this.context.loop().schedule("settle " + worker, () -> {
			if (worker.readiness().count() == readiness) {
				settle(worker);
			}
		}, Readiness.TIME_TO_SETTLE));
	}

	/**
	 * Look which workers have been ready for long enough: for lack of memory there may be
	 * no timer that tells it.
	 */
	void look() {
		for (WorkerHandle worker : this.context.workers().all()) {
			if (worker.readiness().isDue()) {
				settle(worker);
			}
		}
	}

	private void settle(WorkerHandle worker) {
		if (worker.isReady() && !worker.readiness().isSettled()) {
			worker.readiness().settles();
			worker.deadline(null);
			this.failedStarts.succeeded(worker.identity().generation());
			this.onChange.run();
		}
	}

}
