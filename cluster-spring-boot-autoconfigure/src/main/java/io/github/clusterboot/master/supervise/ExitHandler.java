package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.master.loop.Durations;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import org.apache.commons.logging.Log;

/**
 * What the end of a worker's process means: the end of the cluster, a failed start, or an
 * index that stays empty for a while. Used on the event loop only.
 */
final class ExitHandler {

	private static final Log logger = MasterLog.of(ExitHandler.class);

	private final SupervisionContext context;

	private final ClusterShutdown shutdown;

	private final Rollout rollout;

	private final FailedStarts failedStarts;

	private final Runnable onChange;

	private final RestartBackoff backoff;

	private long restarts;

	private long unexpectedRestarts;

	/**
	 * Create a handler.
	 * @param context what the supervision works with
	 * @param shutdown the end of the cluster
	 * @param rollout the generations
	 * @param failedStarts draws the consequences of failures
	 * @param onChange called when the number of workers has changed, or may be changed
	 */
	ExitHandler(SupervisionContext context, ClusterShutdown shutdown, Rollout rollout, FailedStarts failedStarts,
			Runnable onChange) {
		this.context = context;
		this.shutdown = shutdown;
		this.rollout = rollout;
		this.failedStarts = failedStarts;
		this.onChange = onChange;
		this.backoff = new RestartBackoff(context.settings().restart(), context.loop());
	}

	/**
	 * Return whether no delay keeps an index empty.
	 * @param index an index that no live worker holds
	 * @return whether a worker may be started there now
	 */
	boolean isFree(int index) {
		return this.backoff.isFree(index);
	}

	/**
	 * Look which processes have ended: the event loop may not have been told, for lack of
	 * memory or of a thread.
	 */
	void look() {
		this.context.workers()
			.all()
			.forEach((worker) -> Steps.take("look whether " + worker + " lives", () -> look(worker)));
	}

	private void look(WorkerHandle worker) {
		CompletableFuture<Integer> exit = worker.process().exit();
		if (exit.isDone()) {
			exited(worker, exit.join());
		}
		else {
			worker.process().look();
		}
	}

	/**
	 * The process of a worker has ended.
	 * @param worker the worker; told again, its exit has no effect
	 * @param exitCode the process's exit code
	 */
	void exited(WorkerHandle worker, int exitCode) {
		if (this.context.workers().withId(worker.identity().id()) == null) {
			return;
		}
		Steps.take("have the end of " + worker + " told",
				() -> this.context.observer().exited(worker.identity(), worker.exitReason(exitCode), exitCode));
		boolean ownChoice = isOwnChoice(worker, exitCode);
		ExitReason reason = (worker.exitCause().isOwnChoice(exitCode) && !ownChoice) ? ExitReason.START_FAILED
				: worker.exitReason(exitCode);
		String message = worker + " has exited with code " + exitCode + " (" + reason + ")";
		worker.deadline(null);
		worker.exited();
		this.context.workers().remove(worker);
		Steps.take("take back the connections of " + worker, () -> this.context.listeners().remove(worker));
		Steps.take("note the exit of " + worker,
				() -> this.context.journal().recordExit(worker.identity(), reason, exitCode, message));
		if (this.shutdown.isUnderWay()) {
			logger.info(message);
			this.shutdown.finishIfNoneLeft();
		}
		else if (ownChoice) {
			logger.info(message);
			this.shutdown.begin(0, "The application in " + worker + " has ended by its own choice");
		}
		else {
			boolean taken = Steps.take("draw the consequences of the exit of " + worker,
					() -> noteLoss(worker, reason, exitCode, message));
			if (!taken) {
				pauseStarts();
			}
			this.onChange.run();
		}
	}

	/**
	 * An exit in good order is the application's own choice if the worker has shown that
	 * it can serve, or if none ever has: what ends in its start everywhere is meant to. A
	 * replacement that does so is a failed start, or a bad new version would end the
	 * cluster.
	 */
	private boolean isOwnChoice(WorkerHandle worker, int exitCode) {
		return worker.exitCause().isOwnChoice(exitCode)
				&& (!this.rollout.isOnTrial(worker) || !this.failedStarts.isEverSettled());
	}

	private void noteLoss(WorkerHandle worker, ExitReason reason, int exitCode, String message) {
		boolean expected = worker.exitCause().isAsked() || reason == ExitReason.REQUESTED;
		boolean told = false;
		if (!worker.exitCause().isAskedFor(ExitReason.SCALE_DOWN)) {
			this.restarts++;
			this.unexpectedRestarts += (expected && reason != ExitReason.HUNG) ? 0 : 1;
		}
		String failure = message + ". Its last words:\n\n" + worker.process().lastWords();
		if (reason == ExitReason.START_TIMEOUT
				|| (!worker.readiness().isSettled() && (!expected || reason == ExitReason.HUNG))) {
			told = this.failedStarts.failed(worker.identity().generation(), failure, worker.startFailure());
		}
		else if (!expected) {
			this.rollout.lost(worker.identity().generation(), failure);
		}
		if (!told) {
			worker.process().releaseOutput();
		}
		if (expected || isRolledBack(worker)) {
			log(message, exitCode == 0 || exitCode == ExitCause.EXIT_CODE_TERMINATED);
		}
		else if (!this.shutdown.isUnderWay()) {
			Duration delay = leaveEmpty(worker.identity().index(), worker.readiness().timeSince());
			logger.warn(message + ": a new worker is started in " + Durations.format(delay));
			this.context.journal()
				.record(ClusterEventType.WORKER_RESTART_SCHEDULED, worker.identity(),
						"A worker in place of " + worker + " is started in " + Durations.format(delay));
		}
	}

	private static void log(String message, boolean orderly) {
		if (orderly) {
			logger.info(message);
		}
		else {
			logger.warn(message);
		}
	}

	private boolean isRolledBack(WorkerHandle worker) {
		return worker.identity().generation() > this.rollout.generation() && !worker.readiness().isSettled();
	}

	/**
	 * Leave an index empty for a while.
	 * @param index the index
	 * @param ready how long its last worker was ready
	 * @return how long it stays empty
	 */
	Duration leaveEmpty(int index, Duration ready) {
		Duration delay = this.backoff.leaveEmpty(index, ready);
		this.context.loop().schedule("start a worker after a delay", this.onChange::run, delay);
		return delay;
	}

	/**
	 * Start nothing for a moment, since a delay could not be determined. Needs nothing
	 * that could fail.
	 */
	void pauseStarts() {
		this.backoff.pause();
	}

	/**
	 * End the delays that keep indexes empty.
	 */
	void endDelays() {
		this.backoff.reset();
	}

	ClusterView.Restarts restarts() {
		return new ClusterView.Restarts(this.restarts, this.unexpectedRestarts);
	}

}
