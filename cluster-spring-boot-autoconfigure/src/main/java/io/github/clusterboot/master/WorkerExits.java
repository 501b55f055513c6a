package io.github.clusterboot.master;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.apache.commons.logging.Log;

/**
 * What the end of a worker's process means: the end of the cluster, a failed start, or an
 * index that stays empty for a while. Used on the event loop only.
 */
final class WorkerExits {

	private static final Log logger = MasterLog.of(WorkerExits.class);

	private final MasterLoop loop;

	private final Workers workers;

	private final Listeners listeners;

	private final Stop stop;

	private final EventJournal journal;

	private final Rollout rollout;

	private final FailedStarts failedStarts;

	private final Seats seats;

	private Runnable onChange = () -> {
	};

	private long restarts;

	private long unexpectedRestarts;

	WorkerExits(MasterLoop loop, Workers workers, Listeners listeners, Stop stop, EventJournal journal, Rollout rollout,
			FailedStarts failedStarts, Seats seats) {
		this.loop = loop;
		this.workers = workers;
		this.listeners = listeners;
		this.stop = stop;
		this.journal = journal;
		this.rollout = rollout;
		this.failedStarts = failedStarts;
		this.seats = seats;
	}

	/**
	 * Set what is called when the number of workers has changed, or may be changed now.
	 * @param onChange the callback
	 */
	void onChange(Runnable onChange) {
		this.onChange = onChange;
	}

	/**
	 * Return whether no delay keeps an index empty.
	 * @param index an index that no live worker holds
	 * @return whether a worker may be started there now
	 */
	boolean isFree(int index) {
		return this.seats.isFree(index);
	}

	/**
	 * The process of a worker has ended.
	 * @param worker the worker
	 * @param exitCode the process's exit code
	 */
	void exited(WorkerHandle worker, int exitCode) {
		boolean ownChoice = isOwnChoice(worker, exitCode);
		ExitReason reason = (worker.ending().isOwnChoice(exitCode) && !ownChoice) ? ExitReason.START_FAILED
				: worker.exitReason(exitCode);
		String message = worker + " has exited with code " + exitCode + " (" + reason + ")";
		worker.deadline(null);
		worker.state(WorkerState.STOPPED);
		this.workers.remove(worker);
		Steps.take("take back the connections of " + worker, () -> this.listeners.remove(worker));
		Steps.take("note the exit of " + worker,
				() -> this.journal.recordExit(worker.identity(), reason, exitCode, message));
		if (this.stop.isUnderWay()) {
			logger.info(message);
			this.stop.finishIfNoneLeft();
		}
		else if (ownChoice) {
			logger.info(message);
			this.stop.begin(0, "The application in " + worker + " has ended by its own choice");
		}
		else {
			boolean taken = Steps.take("draw the consequences of the exit of " + worker,
					() -> noteLoss(worker, reason, exitCode, message));
			if (!taken) {
				this.seats.pause();
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
		return worker.ending().isOwnChoice(exitCode)
				&& (!this.rollout.isOnTrial(worker) || !this.failedStarts.isEverSettled());
	}

	private void noteLoss(WorkerHandle worker, ExitReason reason, int exitCode, String message) {
		boolean expected = worker.ending().isAsked() || reason == ExitReason.REQUESTED;
		boolean told = false;
		if (!worker.ending().isAskedFor(ExitReason.SCALE_DOWN)) {
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
			log(message, exitCode == 0 || exitCode == Ending.EXIT_CODE_TERMINATED);
		}
		else if (!this.stop.isUnderWay()) {
			Duration delay = leaveEmpty(worker.identity().index(), worker.readiness().timeSince());
			logger.warn(message + ": a new worker is started in " + Durations.format(delay));
			this.journal.record(ClusterEventType.WORKER_RESTART_SCHEDULED, worker.identity(),
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
		Duration delay = this.seats.leaveEmpty(index, ready);
		this.loop.schedule("start a worker after a delay", this.onChange::run, delay);
		return delay;
	}

	/**
	 * End the delays that keep indexes empty.
	 */
	void endDelays() {
		this.seats.free();
	}

	ClusterView.Restarts restarts() {
		return new ClusterView.Restarts(this.restarts, this.unexpectedRestarts);
	}

}
