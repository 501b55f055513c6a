package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.FileFailure;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a worker from its start to its exit. Whatever changes how many workers
 * there are ends in a pass of the {@link Supervisor}. Used on the event loop only.
 */
final class WorkerLife {

	private static final Log logger = MasterLog.of(WorkerLife.class);

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

	/**
	 * How often to warn at the most that a start takes long.
	 */
	private static final Duration LEAST_TIME_TO_WARN = Duration.ofSeconds(1);

	private final MasterSettings settings;

	private final MasterLoop loop;

	private final WorkerStarter starter;

	private final Workers workers;

	private final Listeners listeners;

	private final Drainer drainer;

	private final Stop stop;

	private final EventJournal journal;

	private final Rollout rollout;

	private final FailedStarts failedStarts;

	private final WorkerExits exits;

	private final PendingStarts starts;

	private Runnable onChange = () -> {
	};

	WorkerLife(MasterSettings settings, MasterLoop loop, WorkerStarter starter, Workers workers, Listeners listeners,
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
		this.failedStarts = new FailedStarts(rollout, stop, workers, journal, starter::tellHints);
		this.exits = new WorkerExits(loop, workers, listeners, stop, journal, rollout, this.failedStarts,
				new Seats(settings.restart()));
		this.starts = new PendingStarts(loop, starter, workers, this::startEnded);
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
	 * Have a worker of the current generation started. If that is not possible, the index
	 * stays empty for a while. Returns at once.
	 * @param index an index that no worker holds
	 */
	void start(int index) {
		this.starts.begin(index, this.rollout.generation(), this.failedStarts.isDiagnosed());
	}

	/**
	 * Look what has become of processes: the event loop may not have been told, for lack
	 * of memory or of a thread.
	 */
	void look() {
		this.starts.look();
		this.workers.all().forEach((worker) -> Steps.take("look whether " + worker + " lives", () -> look(worker)));
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

	private void startEnded(int index, int generation, WorkerStarter.@Nullable Started started,
			@Nullable Throwable failure) {
		if (started != null) {
			Steps.take("note the start of a worker", () -> started(started));
		}
		else {
			Steps.take("note that a worker could not be started", () -> startFailed(index, generation, failure));
		}
		this.workers.started();
		this.onChange.run();
	}

	private void started(WorkerStarter.Started started) {
		WorkerHandle worker;
		try {
			worker = new WorkerHandle(started.identity(), started.process(), started.slot(), this.journal.newest());
			this.workers.add(worker);
		}
		catch (Throwable ex) {
			// the process has no other owner
			started.process().kill();
			startFailed(started.identity().index(), started.identity().generation(), ex);
			return;
		}
		worker.process().exit().whenCompleteAsync((exitCode, failure) -> exited(worker, exitCode), this.loop);
		this.journal.record(ClusterEventType.WORKER_STARTED, worker.identity(), worker + " was started");
		if (this.stop.isUnderWay()) {
			this.stop.end(worker);
			return;
		}
		limitStart(worker);
		this.loop.schedule("look whether another worker may be started", this.onChange::run, ConcurrentStarts.TURN);
	}

	private void exited(WorkerHandle worker, int exitCode) {
		if (this.workers.withId(worker.identity().id()) == null) {
			// has been told already
			return;
		}
		Steps.take("have the end of " + worker + " told", () -> this.starter.ended(worker, exitCode));
		this.exits.exited(worker, exitCode);
	}

	/**
	 * After a failure to make a thread the message alone does not tell what happened.
	 */
	private void startFailed(int index, int generation, @Nullable Throwable failure) {
		String reason = (failure != null) ? FileFailure.describe(failure) : "null";
		String message = "Cannot start a worker: " + reason;
		if (this.stop.isUnderWay()) {
			logger.debug(message, failure);
			this.stop.finishIfNoneLeft();
			return;
		}
		logger.error(message);
		this.exits.leaveEmpty(index, Duration.ZERO);
		this.failedStarts.failed(generation, message, reason);
	}

	private void limitStart(WorkerHandle worker) {
		limitStart(worker, this.settings.startTimeout());
	}

	private void limitStart(WorkerHandle worker, Duration time) {
		worker.deadline(this.loop.schedule("end the start of " + worker, () -> startTimedOut(worker), time));
	}

	private void startTimedOut(WorkerHandle worker) {
		if (worker.isReady()) {
			// it may be about to settle
			limitStart(worker, TIME_TO_SETTLE);
			return;
		}
		worker.deadline(null);
		if (!hasEverBeenReady()) {
			logger.warn(worker + " is not ready after " + Durations.format(worker.process().age())
					+ ". It is not killed, since it may be migrating a database or wait for something: "
					+ "no worker of this cluster has been ready yet");
			Duration time = this.settings.startTimeout();
			limitStart(worker, (time.compareTo(LEAST_TIME_TO_WARN) < 0) ? LEAST_TIME_TO_WARN : time);
		}
		else if (this.rollout.isOnTrial(worker)) {
			logger.warn(worker + " is not ready after " + Durations.format(this.settings.startTimeout())
					+ " and is killed");
			worker.killFor(ExitReason.START_TIMEOUT);
		}
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
			Steps.take("take back the connections of " + worker, () -> this.listeners.takeBack(worker));
			if (this.rollout.isOnTrial(worker) && !worker.hasDeadline()) {
				limitStart(worker);
			}
			this.loop.schedule("tell that " + worker + " is out of service", () -> tellOutOfService(worker),
					TIME_TO_LEAVE);
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
		if (first) {
			this.failedStarts.ready();
			Steps.take("release the output of " + worker, worker.process()::releaseOutput);
			Steps.take("have the start of " + worker + " told", () -> this.starter.ready(worker));
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
		this.loop.schedule("settle " + worker, () -> {
			if (worker.isReady() && worker.readiness().count() == readiness && !worker.readiness().isSettled()) {
				worker.readiness().settles();
				worker.deadline(null);
				this.failedStarts.succeeded(worker.identity().generation());
				this.onChange.run();
			}
		}, TIME_TO_SETTLE);
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
		worker.deadline(this.loop.schedule("kill " + worker, () -> worker.killFor(ExitReason.HUNG), TIME_TO_DUMP));
		Steps.take("note that " + worker + " hangs",
				() -> this.journal.record(ClusterEventType.WORKER_OUT_OF_SERVICE, worker.identity(), message));
		Steps.take("take back the connections of " + worker, () -> this.listeners.takeBack(worker));
		Steps.take("have " + worker + " asked for a thread dump",
				() -> this.starter.execute("ask " + worker + " for a thread dump", () -> ThreadDump.ask(worker)));
		this.onChange.run();
	}

	boolean hasEverBeenReady() {
		return this.failedStarts.isEverReady();
	}

	/**
	 * Return whether the workers that are missing cannot be started beside those that
	 * serve.
	 * @return whether it is known why
	 */
	boolean isDiagnosed() {
		return this.failedStarts.isDiagnosed();
	}

	/**
	 * End the delays that keep indexes empty: an operator wants workers to be started
	 * now.
	 */
	void endDelays() {
		this.exits.endDelays();
	}

	ClusterView.Restarts restarts() {
		return this.exits.restarts();
	}

}
