package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.loop.Durations;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.process.WorkerStarter;
import io.github.clusterboot.os.FileFailure;
import org.apache.commons.logging.Log;

/**
 * Has workers started, and sees to it that a start ends: with a worker that can serve, or
 * with its exit. Used on the event loop only.
 */
final class StartHandler {

	private static final Log logger = MasterLog.of(StartHandler.class);

	/**
	 * How often to warn at the most that a start takes long.
	 */
	private static final Duration LEAST_TIME_TO_WARN = Duration.ofSeconds(1);

	/**
	 * How long a process may take to be there before that is told.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * 128 + the number of {@code SIGKILL}, as {@link Process#exitValue()} tells it.
	 */
	private static final int EXIT_CODE_KILLED = 137;

	private final SupervisionContext context;

	private final ClusterShutdown shutdown;

	private final Rollout rollout;

	private final FailedStarts failedStarts;

	private final ExitHandler exits;

	private final Runnable onChange;

	private final PendingStarts pending;

	private final ConcurrentStarts concurrentStarts;

	private boolean heldUpTold;

	/**
	 * Create a handler.
	 * @param context what the supervision works with
	 * @param shutdown ends what is started too late
	 * @param rollout the generations
	 * @param failedStarts draws the consequences of failures
	 * @param exits is told of the exits of what has been started
	 * @param onChange called when the number of workers has changed, or may be changed
	 */
	StartHandler(SupervisionContext context, ClusterShutdown shutdown, Rollout rollout, FailedStarts failedStarts,
			ExitHandler exits, Runnable onChange) {
		this.context = context;
		this.shutdown = shutdown;
		this.rollout = rollout;
		this.failedStarts = failedStarts;
		this.exits = exits;
		this.onChange = onChange;
		this.pending = new PendingStarts(context, new Observer());
		this.concurrentStarts = new ConcurrentStarts(context.settings().size());
	}

	/**
	 * Have a worker of the current generation started, unless a delay keeps the index
	 * empty or too many others are starting. If the start fails, the index stays empty
	 * for a while. Returns at once.
	 * @param index an index that no worker holds
	 */
	void startIfPossible(int index) {
		if (this.exits.isFree(index)
				&& this.concurrentStarts.isRoom(this.context.workers(), this.failedStarts.isEverReady())) {
			this.pending.begin(index, this.rollout.generation(), this.failedStarts.isDiagnosed());
		}
	}

	/**
	 * A worker is ready for the first time.
	 * @param worker the worker
	 */
	void ready(WorkerHandle worker) {
		this.concurrentStarts.took(worker.readiness().timeFromStart());
	}

	/**
	 * Look which starts have ended, since the event loop may not have been told, for lack
	 * of memory, and limit those that could not be limited then. Warn once if a process
	 * is not there for long.
	 */
	void look() {
		this.pending.look();
		this.context.workers().all().stream().filter(StartHandler::isUnlimited).forEach(this::limit);
		boolean heldUp = this.context.workers().isStartHeldUp(PATIENCE, this.context.loop().nanoTime());
		if (heldUp && !this.heldUpTold) {
			logger.warn("A worker has been waiting to be started for " + Durations.format(PATIENCE)
					+ ": the file system, or whatever its command line needs, does not answer");
		}
		this.heldUpTold = heldUp;
	}

	private static boolean isUnlimited(WorkerHandle worker) {
		return worker.state() == WorkerState.STARTING && !worker.hasDeadline() && !worker.exitCause().isKilled();
	}

	private void ended(boolean noted) {
		if (!noted) {
			this.exits.pauseStarts();
		}
		this.context.workers().started();
		this.onChange.run();
	}

	private void started(WorkerStarter.Started started) {
		WorkerHandle worker;
		try {
			worker = new WorkerHandle(started.identity(), started.process(), started.slot(),
					this.context.journal().newest(), this.context.loop());
			this.context.workers().add(worker);
		}
		catch (Throwable ex) {
			// the process has no other owner
			started.process().kill();
			Steps.take("have the end of " + started.identity() + " told", () -> this.context.observer()
				.exited(started.identity(), ExitReason.START_FAILED, EXIT_CODE_KILLED));
			failed(started.identity().index(), started.identity().generation(), ex);
			return;
		}
		Steps.take("have the end of " + worker + " told", () -> worker.process()
			.exit()
			.whenCompleteAsync((exitCode, failure) -> this.exits.exited(worker, exitCode), this.context.loop()));
		Steps.take("note the start of " + worker, () -> this.context.journal()
			.record(ClusterEventType.WORKER_STARTED, worker.identity(), worker + " was started"));
		if (this.shutdown.isUnderWay()) {
			this.shutdown.end(worker);
			return;
		}
		limit(worker);
	}

	/**
	 * After a failure to make a thread the message alone does not tell what happened.
	 */
	private void failed(int index, int generation, Throwable failure) {
		String reason = FileFailure.describe(failure);
		String message = "Cannot start a worker: " + reason;
		if (this.shutdown.isUnderWay()) {
			logger.debug(message, failure);
			this.shutdown.finishIfNoneLeft();
			return;
		}
		logger.error(message);
		this.exits.leaveEmpty(index, Duration.ZERO);
		this.failedStarts.failed(generation, message, reason);
	}

	/**
	 * Limit the time in which a worker has to show that it can serve.
	 * @param worker the worker
	 */
	void limit(WorkerHandle worker) {
		limit(worker, this.context.settings().startTimeout());
	}

	private void limit(WorkerHandle worker, Duration time) {
		Steps.take("limit the start of " + worker, () -> worker
			.deadline(this.context.loop().schedule("end the start of " + worker, () -> timedOut(worker), time)));
	}

	private void timedOut(WorkerHandle worker) {
		if (worker.isReady()) {
			// it may be about to settle
			limit(worker, Readiness.TIME_TO_SETTLE);
			return;
		}
		worker.deadline(null);
		Duration time = this.context.settings().startTimeout();
		if (!this.failedStarts.isEverReady()) {
			logger.warn(worker + " is not ready after " + Durations.format(worker.age())
					+ ". It is not killed, since it may be migrating a database or wait for something: "
					+ "no worker of this cluster has been ready yet");
			limit(worker, (time.compareTo(LEAST_TIME_TO_WARN) < 0) ? LEAST_TIME_TO_WARN : time);
		}
		else if (this.rollout.isOnTrial(worker)) {
			logger.warn(worker + " is not ready after " + Durations.format(time) + " and is killed");
			this.concurrentStarts.took(time);
			worker.killFor(ExitReason.START_TIMEOUT);
		}
	}

	private final class Observer implements PendingStarts.Observer {

		@Override
		public void started(WorkerStarter.Started started) {
			ended(Steps.take("note the start of a worker", () -> StartHandler.this.started(started)));
		}

		@Override
		public void failed(int index, int generation, Throwable failure) {
			ended(Steps.take("note that a worker could not be started",
					() -> StartHandler.this.failed(index, generation, failure)));
		}

	}

}
