package io.github.clusterboot.master;

import java.io.IOException;
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
 * What happens to a worker from its start to its exit. Whatever changes how many workers
 * there are ends in a pass of the {@link Supervisor}. Used on the event loop only.
 */
final class WorkerLife {

	private static final Log logger = LogFactory.getLog(WorkerLife.class);

	/**
	 * An application whose context closes refuses traffic just before it says that it
	 * leaves.
	 */
	private static final Duration TIME_TO_LEAVE = Duration.ofMillis(100);

	/**
	 * How long a worker has to be ready before others rely on it: an application may
	 * accept traffic for a moment and refuse it then.
	 */
	private static final Duration TIME_TO_SETTLE = Duration.ofSeconds(1);

	/**
	 * How long a worker that hangs gets to print its thread dump.
	 */
	private static final Duration TIME_TO_DUMP = Duration.ofSeconds(1);

	private final MasterSettings settings;

	private final EventLoop loop;

	private final WorkerStarter starter;

	private final Workers workers;

	private final Listeners listeners;

	private final Drainer drainer;

	private final Stop stop;

	private final EventJournal journal;

	private final Rollout rollout;

	private final FailedStarts failedStarts;

	private final WorkerExits exits;

	private Runnable onChange = () -> {
	};

	WorkerLife(MasterSettings settings, EventLoop loop, WorkerStarter starter, Workers workers, Listeners listeners,
			Drainer drainer, Stop stop, EventJournal journal, Rollout rollout) {
		this.settings = settings;
		this.loop = loop;
		this.starter = starter;
		this.workers = workers;
		this.listeners = listeners;
		this.drainer = drainer;
		this.stop = stop;
		this.journal = journal;
		this.rollout = rollout;
		this.failedStarts = new FailedStarts(rollout, stop, workers, journal);
		this.exits = new WorkerExits(loop, workers, listeners, stop, journal, rollout, this.failedStarts,
				new Seats(settings.restart()));
	}

	/**
	 * Set what is called when the number of workers has changed, or may be changed now.
	 * @param onChange the callback
	 */
	void onChange(Runnable onChange) {
		this.onChange = onChange;
		this.exits.onChange(onChange);
	}

	/**
	 * Return whether no delay keeps an index empty.
	 * @param index an index that no live worker holds
	 * @return whether a worker may be started there now
	 */
	boolean isFree(int index) {
		return this.exits.isFree(index);
	}

	/**
	 * Start a worker of the current generation. If that is not possible, the index stays
	 * empty for a while.
	 * @param index an index that no live worker holds
	 */
	void start(int index) {
		try {
			WorkerHandle worker = this.starter.start(index, this.rollout.generation(), this.journal.newest());
			this.workers.add(worker);
			this.journal.record(ClusterEventType.WORKER_STARTED, worker.identity(), worker + " was started");
			limitStart(worker);
			this.loop.schedule(() -> this.onChange.run(), ConcurrentStarts.TURN.toNanos(), TimeUnit.NANOSECONDS);
			worker.process().exit().thenAcceptAsync((exitCode) -> {
				this.starter.ended(worker, exitCode);
				this.exits.exited(worker, exitCode);
			}, this.loop).exceptionally((failure) -> {
				logger.error("The exit of " + worker + " is not dealt with", failure);
				return null;
			});
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			// an OutOfMemoryError also says that no thread can be made
			String failure = "Cannot start a worker: " + ex.getMessage();
			logger.error(failure);
			this.exits.leaveEmpty(index, Duration.ZERO);
			this.failedStarts.failed(this.rollout.generation(), failure);
		}
	}

	private void limitStart(WorkerHandle worker) {
		worker.deadline(this.loop.schedule(() -> startTimedOut(worker), this.settings.startTimeout().toNanos(),
				TimeUnit.NANOSECONDS));
	}

	private void startTimedOut(WorkerHandle worker) {
		if (worker.isReady()) {
			// it may be about to settle
			worker.deadline(
					this.loop.schedule(() -> startTimedOut(worker), TIME_TO_SETTLE.toNanos(), TimeUnit.NANOSECONDS));
			return;
		}
		worker.deadline(null);
		if (isOnTrial(worker)) {
			logger.warn(worker + " is not ready after " + Durations.format(this.settings.startTimeout())
					+ " and is killed");
			worker.killFor(ExitReason.START_TIMEOUT);
		}
	}

	/**
	 * Return whether a worker has still to show that it can serve: it has not settled, or
	 * its whole generation has not.
	 */
	private boolean isOnTrial(WorkerHandle worker) {
		return !worker.readiness().isSettled()
				|| (this.rollout.isUnderWay() && worker.identity().generation() == this.rollout.generation());
	}

	/**
	 * A worker's readiness state has changed.
	 * @param worker the worker
	 * @param accepting whether its application accepts traffic
	 */
	void readinessChanged(WorkerHandle worker, boolean accepting) {
		if (accepting && !worker.isReady() && worker.isStaying() && !worker.ending().isKilled()) {
			tellOutOfService(worker);
			ready(worker);
		}
		else if (!accepting && worker.isReady()) {
			worker.refuses();
			this.listeners.takeBack(worker);
			if (isOnTrial(worker) && !worker.hasDeadline()) {
				limitStart(worker);
			}
			this.loop.schedule(() -> tellOutOfService(worker), TIME_TO_LEAVE.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void tellOutOfService(WorkerHandle worker) {
		if (worker.state() == WorkerState.OUT_OF_SERVICE && worker.readiness().isRefusalUntold()) {
			worker.readiness().refusalTold();
			logger.warn(worker + " is out of service: its application refuses traffic");
			this.journal.record(ClusterEventType.WORKER_OUT_OF_SERVICE, worker.identity(), worker + " refuses traffic");
		}
	}

	private void ready(WorkerHandle worker) {
		boolean first = !worker.hasBeenReady();
		if (worker.state() == WorkerState.DRAINING) {
			// an application that was leaving has a new context, as after a restart by
			// devtools
			worker.ending().leaves(false);
			worker.deadline(null);
		}
		else if (worker.readiness().isSettled()) {
			worker.deadline(null);
		}
		worker.state(WorkerState.READY);
		this.failedStarts.ready();
		if (first) {
			this.starter.ready(worker);
		}
		settleLater(worker);
		String message = worker + (first ? " is ready after " + Durations.format(worker.readiness().timeFromStart())
				: " accepts traffic again");
		logger.info(message);
		this.journal.record(ClusterEventType.WORKER_READY, worker.identity(), message);
		this.listeners.reportUnserved();
		this.listeners.resume();
		this.onChange.run();
	}

	private void settleLater(WorkerHandle worker) {
		int readiness = worker.readiness().count();
		this.loop.schedule(() -> {
			if (worker.isReady() && worker.readiness().count() == readiness && !worker.readiness().isSettled()) {
				worker.readiness().settles();
				worker.deadline(null);
				this.failedStarts.succeeded(worker.identity().generation());
				this.onChange.run();
			}
		}, TIME_TO_SETTLE.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * A worker leaves without the master having asked.
	 * @param worker the worker
	 * @param terminated whether a signal told it to, and not its application
	 */
	void leaving(WorkerHandle worker, boolean terminated) {
		if (!worker.hasBeenReady() || this.stop.isUnderWay()) {
			// its exit tells enough, or it ends together with the others
			return;
		}
		if (terminated) {
			this.drainer.drain(worker, ExitReason.REQUESTED);
		}
		else {
			// its exit code will tell whether it is to be replaced
			worker.ending().leaves(true);
			this.drainer.begin(worker);
		}
		this.onChange.run();
	}

	/**
	 * A worker hangs: it is replaced at once, and killed after it was asked where it
	 * hangs.
	 * @param worker the worker
	 */
	void hung(WorkerHandle worker) {
		if (worker.isHung() || worker.ending().isKilled()) {
			return;
		}
		worker.hangs();
		String message = worker + " has been silent for " + Durations.format(this.settings.heartbeatTimeout())
				+ ": it is asked for a thread dump and then killed";
		logger.warn(message);
		this.journal.record(ClusterEventType.WORKER_OUT_OF_SERVICE, worker.identity(), message);
		this.listeners.takeBack(worker);
		ThreadDump.ask(worker);
		worker.deadline(this.loop.schedule(() -> worker.killFor(ExitReason.HUNG), TIME_TO_DUMP.toNanos(),
				TimeUnit.NANOSECONDS));
		this.onChange.run();
	}

	boolean hasEverBeenReady() {
		return this.failedStarts.isEverReady();
	}

	ClusterView.Restarts restarts() {
		return this.exits.restarts();
	}

}
