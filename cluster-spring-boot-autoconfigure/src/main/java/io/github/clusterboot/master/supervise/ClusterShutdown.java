package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.loop.Durations;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.Steps;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The stop of the cluster: no new connections, every accepted one served, every worker
 * ended. Used on the event loop only, but for what says otherwise; the exit code may be
 * awaited by any thread.
 */
final class ClusterShutdown {

	private static final Log logger = MasterLog.of(ClusterShutdown.class);

	/**
	 * How long a handshake that has begun may take to complete. A client that is farther
	 * away takes the connection for established and is reset.
	 */
	private static final Duration TIME_TO_CONNECT = Duration.ofMillis(250);

	/**
	 * How long the workers get to take what clients have begun before they are asked to
	 * drain.
	 */
	private static final Duration TIME_TO_TAKE = Duration.ofSeconds(2);

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(5);

	/**
	 * How long workers that have not been ready may take to delete their files, which
	 * they do in a moment unless the machine is overloaded.
	 */
	private static final Duration TIME_TO_CLEAN_UP = Duration.ofSeconds(10);

	/**
	 * How long a process that has been killed may take to end.
	 */
	private static final Duration TIME_TO_DIE = Duration.ofSeconds(1);

	private final SupervisionContext context;

	private final MasterLoop loop;

	private final Workers workers;

	private final Listeners listeners;

	private final Drainer drainer;

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	private volatile boolean underWay;

	private boolean killing;

	private int exitCode;

	private @Nullable Exception failure;

	ClusterShutdown(SupervisionContext context, Drainer drainer) {
		this.context = context;
		this.loop = context.loop();
		this.workers = context.workers();
		this.listeners = context.listeners();
		this.drainer = drainer;
	}

	/**
	 * Return what the stop ends with: the master's exit code, or the failure that caused
	 * it. Completed when no worker's process is left.
	 * @return the exit code
	 */
	CompletableFuture<Integer> exit() {
		return this.exit;
	}

	/**
	 * Return whether the cluster is being stopped. May be called from any thread.
	 * @return whether it is
	 */
	boolean isUnderWay() {
		return this.underWay;
	}

	/**
	 * Stop gracefully.
	 * @param exitCode the master's exit code
	 * @param cause the cause, as text
	 */
	void begin(int exitCode, String cause) {
		if (!start(exitCode, cause)) {
			return;
		}
		Steps.take("limit the time of the stop", () -> this.loop.schedule("end the stop in time", this::killInTime,
				this.context.settings().shutdownTimeout()));
		Steps.take("refuse new connections", this.listeners::refuseNew);
		for (WorkerHandle worker : this.workers.all()) {
			// what a worker hands back while it drains has to find a ready one
			if (worker.state() == WorkerState.STARTING || worker.state() == WorkerState.DRAINING) {
				Steps.take("drain " + worker, () -> this.drainer.drainForStop(worker));
			}
		}
		drainWhenTaken(this.loop.nanoTime());
		finishIfNoneLeft();
	}

	/**
	 * Stop without grace.
	 * @param exitCode the master's exit code
	 * @param cause the cause, as text
	 */
	void now(int exitCode, String cause) {
		start(exitCode, cause);
		this.exitCode = exitCode;
		endAll();
		finishIfNoneLeft();
	}

	/**
	 * Stop because the cluster cannot work. No worker has been ready. They say nothing:
	 * the failure says it all.
	 * @param failure why
	 */
	void fail(Exception failure) {
		if (!this.underWay) {
			this.failure = failure;
			giveUp(1, String.valueOf(failure.getMessage()));
		}
	}

	/**
	 * Stop because no worker gets ready. Those that start end in good order, since they
	 * have made files.
	 * @param exitCode the master's exit code
	 * @param cause the cause, as text
	 */
	void giveUp(int exitCode, String cause) {
		if (!start(exitCode, cause)) {
			return;
		}
		Duration timeout = this.context.settings().shutdownTimeout();
		Duration limit = (timeout.compareTo(TIME_TO_CLEAN_UP) < 0) ? timeout : TIME_TO_CLEAN_UP;
		if (!Steps.take("limit the time of the stop",
				() -> this.loop.schedule("end the workers", this::endAll, limit))) {
			endAll();
		}
		this.workers.all().forEach(this::end);
		finishIfNoneLeft();
	}

	/**
	 * The event loop has ended, so that nothing more is done in good order. The workers
	 * drain when the process ends. Called by another thread.
	 */
	void loopEnded() {
		if (isUnderWay()) {
			this.exit.complete(this.exitCode);
		}
		else {
			this.exit.completeExceptionally(new IllegalStateException("The master's event loop has ended"));
		}
	}

	private boolean start(int exitCode, String cause) {
		if (this.underWay) {
			return false;
		}
		this.underWay = true;
		Steps.take("start no more workers", this.context.starter()::startNoMore);
		this.exitCode = exitCode;
		logger.info(cause + ": the cluster stops");
		Steps.take("note the stop", () -> this.context.journal().record(ClusterEventType.CLUSTER_STOPPING, cause));
		return true;
	}

	/**
	 * End a worker that has not been ready.
	 * @param worker the worker
	 */
	void end(WorkerHandle worker) {
		if (this.failure != null) {
			worker.process().holdBackOutput();
		}
		if (this.killing) {
			worker.killFor(ExitReason.REQUESTED);
		}
		else {
			Steps.take("drain " + worker, () -> this.drainer.drainForStop(worker));
		}
	}

	private void drainWhenTaken(long begun) {
		if (isMoreToTake(begun) && checkLater(begun)) {
			return;
		}
		Steps.take("close the listening sockets", this.listeners::stopListening);
		for (WorkerHandle worker : this.workers.all()) {
			Steps.take("drain " + worker, () -> this.drainer.drainForStop(worker));
		}
	}

	private boolean isMoreToTake(long begun) {
		Duration elapsed = this.loop.since(begun);
		AtomicBoolean taken = new AtomicBoolean(true);
		Steps.take("accept what clients have begun", () -> taken.set(this.listeners.acceptRest()));
		return !(taken.get() && elapsed.compareTo(TIME_TO_CONNECT) >= 0) && this.workers.ready() > 0
				&& elapsed.compareTo(TIME_TO_TAKE) < 0;
	}

	private boolean checkLater(long begun) {
		return Steps.take("wait for what clients have begun",
				() -> this.loop.schedule("drain what is taken", () -> drainWhenTaken(begun), CHECK_INTERVAL));
	}

	private void killInTime() {
		if (!this.workers.isEmpty()) {
			logger.warn(
					"The cluster has not stopped within " + Durations.format(this.context.settings().shutdownTimeout())
							+ ": " + this.workers.all() + " are killed");
		}
		endAll();
	}

	private void endAll() {
		killAll();
		endWithoutWorkersInTime();
	}

	private void endWithoutWorkersInTime() {
		Steps.take("limit the time of the end",
				() -> this.loop.schedule("end without the workers", this::endWithoutWorkers, TIME_TO_DIE));
	}

	private void killAll() {
		this.killing = true;
		this.workers.all()
			.forEach((worker) -> Steps.take("kill " + worker, () -> worker.killFor(ExitReason.REQUESTED)));
	}

	/**
	 * A worker ends when the master has, at the latest after its drain timeout.
	 */
	private void endWithoutWorkers() {
		if (!this.exit.isDone()) {
			logger.error("The master ends without " + this.workers.all() + ", which cannot be killed, "
					+ this.workers.beingStarted() + " more may be starting");
			complete();
		}
	}

	/**
	 * Complete the stop, which is under way, if the last worker has ended.
	 */
	void finishIfNoneLeft() {
		if (this.workers.isEmpty()) {
			complete();
		}
	}

	private void complete() {
		Steps.take("close the listeners", this.listeners::close);
		if (this.failure != null) {
			this.exit.completeExceptionally(this.failure);
		}
		else {
			this.exit.complete(this.exitCode);
		}
	}

}
