package io.github.clusterboot.master;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What the end of a worker's process means: the end of the cluster, a failed start, or an
 * index that stays empty for a while. Used on the event loop only.
 */
final class WorkerExits {

	private static final Log logger = LogFactory.getLog(WorkerExits.class);

	private final EventLoop loop;

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

	WorkerExits(EventLoop loop, Workers workers, Listeners listeners, Stop stop, EventJournal journal, Rollout rollout,
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
		ExitReason reason = worker.exitReason(exitCode);
		worker.deadline(null);
		worker.state(WorkerState.STOPPED);
		this.workers.remove(worker);
		this.listeners.remove(worker);
		String message = worker + " has exited with code " + exitCode + " (" + reason + ")";
		this.journal.recordExit(worker.identity(), reason, exitCode, message);
		if (this.stop.isUnderWay()) {
			logger.info(message);
			this.stop.finishIfNoneLeft();
		}
		else if (worker.ending().isOwnChoice(exitCode)) {
			logger.info(message);
			this.stop.begin(0, "The application in " + worker + " has ended by its own choice");
		}
		else {
			noteLoss(worker, reason, exitCode, message);
		}
	}

	private void noteLoss(WorkerHandle worker, ExitReason reason, int exitCode, String message) {
		boolean expected = worker.ending().isAsked() || reason == ExitReason.REQUESTED;
		if (!worker.ending().isAskedFor(ExitReason.SCALE_DOWN)) {
			this.restarts++;
			this.unexpectedRestarts += (expected && reason != ExitReason.HUNG) ? 0 : 1;
		}
		if (reason == ExitReason.START_TIMEOUT
				|| (!worker.readiness().isSettled() && (!expected || reason == ExitReason.HUNG))) {
			this.failedStarts.failed(worker.identity().generation(),
					message + ". Its last words:\n\n" + worker.process().lastWords());
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
		this.onChange.run();
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
		this.loop.schedule(this.onChange, delay.toNanos(), TimeUnit.NANOSECONDS);
		return delay;
	}

	ClusterView.Restarts restarts() {
		return new ClusterView.Restarts(this.restarts, this.unexpectedRestarts);
	}

}
