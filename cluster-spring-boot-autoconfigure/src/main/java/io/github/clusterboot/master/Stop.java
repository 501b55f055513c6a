package io.github.clusterboot.master;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The stop of the cluster: no new connections, every accepted one served, every worker
 * ended. Used on the event loop only; the exit code may be awaited by any thread.
 */
final class Stop {

	private static final Log logger = LogFactory.getLog(Stop.class);

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

	private final MasterSettings settings;

	private final EventLoop loop;

	private final Workers workers;

	private final Listeners listeners;

	private final Drainer drainer;

	private final EventJournal journal;

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	private boolean underWay;

	private int exitCode;

	private @Nullable Exception failure;

	Stop(MasterSettings settings, EventLoop loop, Workers workers, Listeners listeners, Drainer drainer,
			EventJournal journal) {
		this.settings = settings;
		this.loop = loop;
		this.workers = workers;
		this.listeners = listeners;
		this.drainer = drainer;
		this.journal = journal;
	}

	/**
	 * Return what the stop ends with: the master's exit code, or the failure that caused
	 * it. Completed when no worker's process lives any more.
	 * @return the exit code
	 */
	CompletableFuture<Integer> exit() {
		return this.exit;
	}

	boolean isUnderWay() {
		return this.underWay;
	}

	/**
	 * Stop gracefully.
	 * @param exitCode the master's exit code
	 * @param cause why, in words
	 */
	void begin(int exitCode, String cause) {
		if (!start(exitCode, cause)) {
			return;
		}
		this.listeners.refuseNew();
		for (WorkerHandle worker : this.workers.all()) {
			// what a worker hands back while it drains has to find a ready one
			if (worker.state() == WorkerState.STARTING || worker.state() == WorkerState.DRAINING) {
				this.drainer.drainForStop(worker);
			}
		}
		this.loop.schedule(this::killInTime, this.settings.shutdownTimeout().toNanos(), TimeUnit.NANOSECONDS);
		drainWhenTaken(System.nanoTime());
		finishIfNoneLeft();
	}

	/**
	 * Stop without grace.
	 * @param exitCode the master's exit code
	 * @param cause why, in words
	 */
	void now(int exitCode, String cause) {
		start(exitCode, cause);
		this.exitCode = exitCode;
		killAll();
		finishIfNoneLeft();
	}

	/**
	 * Stop without grace because the cluster cannot work.
	 * @param failure why
	 */
	void fail(Exception failure) {
		this.failure = failure;
		now(1, String.valueOf(failure.getMessage()));
	}

	private boolean start(int exitCode, String cause) {
		if (this.underWay) {
			return false;
		}
		this.underWay = true;
		this.exitCode = exitCode;
		logger.info(cause + ": the cluster stops");
		this.journal.record(ClusterEventType.CLUSTER_STOPPING, cause);
		return true;
	}

	private void drainWhenTaken(long begun) {
		Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
		boolean taken = this.listeners.acceptRest() && elapsed.compareTo(TIME_TO_CONNECT) >= 0;
		if (!taken && this.workers.ready() > 0 && elapsed.compareTo(TIME_TO_TAKE) < 0) {
			this.loop.schedule(() -> drainWhenTaken(begun), CHECK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
			return;
		}
		this.listeners.stopListening();
		for (WorkerHandle worker : this.workers.all()) {
			this.drainer.drainForStop(worker);
		}
	}

	private void killInTime() {
		if (!this.workers.isEmpty()) {
			logger.warn("The cluster has not stopped within " + Durations.format(this.settings.shutdownTimeout()) + ": "
					+ this.workers.all() + " are killed");
			killAll();
		}
	}

	private void killAll() {
		this.workers.all().forEach((worker) -> worker.killFor(ExitReason.REQUESTED));
	}

	/**
	 * Complete the stop if the last worker has ended.
	 */
	void finishIfNoneLeft() {
		if (!this.underWay || !this.workers.isEmpty()) {
			return;
		}
		this.listeners.close();
		if (this.failure != null) {
			this.exit.completeExceptionally(this.failure);
		}
		else {
			this.exit.complete(this.exitCode);
		}
	}

}
