package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.WorkerState;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps as many workers as there should be.
 * <p>
 * Each {@linkplain #converge() pass} compares what is with what should be and starts what
 * is missing; whatever changes what is ends in a pass. Used on the event loop only.
 */
final class Supervisor {

	private static final Log logger = LogFactory.getLog(Supervisor.class);

	/**
	 * How many starts in a row may fail before the master gives up, where no worker has
	 * ever been ready.
	 */
	private static final int FAILED_STARTS_TO_GIVE_UP = 5;

	/**
	 * {@code EX_SOFTWARE} of {@code sysexits.h}.
	 */
	private static final int EXIT_CODE_GIVEN_UP = 70;

	private final MasterSettings settings;

	private final EventLoop loop;

	private final WorkerStarter starter;

	private final Workers workers;

	private final Listeners listeners;

	private final Drainer drainer;

	private final Stop stop;

	private final EventJournal journal;

	private final int generation = 1;

	private final Seats seats;

	/**
	 * One entry for each worker that has to be replaced: whether its exit was unexpected.
	 */
	private final Deque<Boolean> vacancies = new ArrayDeque<>();

	private int failedStarts;

	private boolean everReady;

	private boolean everComplete;

	private long restarts;

	private long unexpectedRestarts;

	Supervisor(MasterSettings settings, EventLoop loop, WorkerStarter starter, Workers workers, Listeners listeners,
			Drainer drainer, Stop stop, EventJournal journal) {
		this.settings = settings;
		this.loop = loop;
		this.starter = starter;
		this.workers = workers;
		this.listeners = listeners;
		this.drainer = drainer;
		this.stop = stop;
		this.journal = journal;
		this.seats = new Seats(settings.restart());
	}

	/**
	 * Start what is missing, at the lowest free indexes, as far as no delay keeps an
	 * index empty.
	 */
	void converge() {
		if (this.stop.isUnderWay()) {
			return;
		}
		int missing = this.settings.workers() - this.workers.staying();
		// a start that fails may be the last one before the master gives up
		for (int index = 0; missing > 0 && !this.stop.isUnderWay(); index++) {
			if (!this.workers.isIndexHeld(index)) {
				missing--;
				if (this.seats.isFree(index)) {
					start(index);
				}
			}
		}
	}

	private void start(int index) {
		try {
			WorkerHandle worker = this.starter.start(index, this.generation, this.journal.newest());
			this.workers.add(worker);
			countRestart();
			this.journal.record(ClusterEventType.WORKER_STARTED, worker.identity(), worker + " was started");
			worker.deadline(this.loop.schedule(() -> startTimedOut(worker), this.settings.startTimeout().toNanos(),
					TimeUnit.NANOSECONDS));
			worker.process()
				.onExit()
				.thenCompose((process) -> worker.output().end().thenApply((end) -> process.exitValue()))
				.thenAcceptAsync((exitCode) -> exited(worker, exitCode), this.loop);
		}
		catch (IOException | RuntimeException ex) {
			logger.error("Cannot start a worker: " + ex.getMessage());
			leaveEmpty(index, Duration.ZERO);
			countFailedStart("Cannot start a worker: " + ex.getMessage());
		}
	}

	private void countRestart() {
		Boolean unexpected = this.vacancies.poll();
		if (unexpected != null) {
			this.restarts++;
			this.unexpectedRestarts += unexpected ? 1 : 0;
		}
	}

	private void startTimedOut(WorkerHandle worker) {
		logger
			.warn(worker + " is not ready after " + Durations.format(this.settings.startTimeout()) + " and is killed");
		worker.killFor(ExitReason.START_TIMEOUT);
	}

	/**
	 * A worker's readiness state has changed.
	 * @param worker the worker
	 * @param accepting whether its application accepts traffic
	 */
	void readinessChanged(WorkerHandle worker, boolean accepting) {
		if (accepting && !worker.isReady() && worker.isStaying() && !worker.isKilled()) {
			ready(worker);
		}
		else if (!accepting && worker.isReady()) {
			worker.state(WorkerState.OUT_OF_SERVICE);
			logger.warn(worker + " is out of service: its application refuses traffic");
			this.journal.record(ClusterEventType.WORKER_OUT_OF_SERVICE, worker.identity(), worker + " refuses traffic");
			this.listeners.takeBack(worker);
		}
	}

	private void ready(WorkerHandle worker) {
		boolean first = !worker.hasBeenReady();
		worker.state(WorkerState.READY);
		worker.deadline(null);
		// an application that was leaving may have a new context, as after a restart by
		// devtools
		worker.leaves(false);
		this.everReady = true;
		this.failedStarts = 0;
		String message = worker
				+ (first ? " is ready after " + Durations.format(worker.timeToReady()) : " accepts traffic again");
		logger.info(message);
		this.journal.record(ClusterEventType.WORKER_READY, worker.identity(), message);
		this.listeners.resume();
		if (!this.everComplete && this.workers.ready() >= this.settings.workers()) {
			this.everComplete = true;
			logger.info("The cluster is running: " + this.workers.ready() + " workers are ready");
		}
	}

	/**
	 * A worker leaves without having been asked to: it got a signal, or its application
	 * has closed its context.
	 * @param worker the worker
	 */
	void leaving(WorkerHandle worker) {
		if (worker.hasBeenReady()) {
			worker.leaves(true);
			this.drainer.begin(worker);
		}
	}

	private void exited(WorkerHandle worker, int exitCode) {
		boolean hasChosenToEnd = worker.hasChosenToEnd(exitCode);
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
		else if (hasChosenToEnd) {
			logger.info(message);
			this.stop.begin(0, "The application in " + worker + " has ended by its own choice");
		}
		else {
			replace(worker, reason, message);
		}
	}

	private void replace(WorkerHandle worker, ExitReason reason, String message) {
		if (reason == ExitReason.REQUESTED) {
			logger.info(message);
			this.vacancies.add(false);
		}
		else {
			this.vacancies.add(true);
			Duration delay = leaveEmpty(worker.identity().index(), worker.timeSinceReady());
			logger.warn(message + ": a new worker is started in " + Durations.format(delay));
			this.journal.record(ClusterEventType.WORKER_RESTART_SCHEDULED, worker.identity(),
					"A worker in place of " + worker + " is started in " + Durations.format(delay));
		}
		if (!worker.hasBeenReady()) {
			countFailedStart(message + ". Its last words:\n\n" + String.join("\n", worker.output().tail()));
		}
		converge();
	}

	private Duration leaveEmpty(int index, Duration ready) {
		Duration delay = this.seats.leaveEmpty(index, ready);
		this.loop.schedule(this::converge, delay.toNanos(), TimeUnit.NANOSECONDS);
		return delay;
	}

	private void countFailedStart(String failure) {
		this.failedStarts++;
		if (!this.everReady && this.failedStarts >= FAILED_STARTS_TO_GIVE_UP) {
			logger.error("No worker was ever ready and " + this.failedStarts
					+ " starts in a row have failed. The last failure: " + failure + "\n");
			this.stop.now(EXIT_CODE_GIVEN_UP, "No worker can be started");
		}
	}

	boolean hasEverBeenReady() {
		return this.everReady;
	}

	/**
	 * Return the cluster as it is now.
	 * @param master the master's process
	 * @return the view
	 */
	ClusterView view(ClusterView.Master master) {
		return new ClusterView(state(), master, this.generation, Scheduling.ROUND_ROBIN,
				new ClusterView.Size(this.settings.workers(), this.workers.ready()), this.listeners.views(),
				this.workers.all().stream().map(WorkerHandle::view).toList(),
				new ClusterView.Restarts(this.restarts, this.unexpectedRestarts));
	}

	private ClusterState state() {
		if (this.stop.isUnderWay()) {
			return ClusterState.STOPPING;
		}
		if (this.workers.ready() >= this.settings.workers()) {
			return ClusterState.RUNNING;
		}
		return this.everComplete ? ClusterState.DEGRADED : ClusterState.STARTING;
	}

}
