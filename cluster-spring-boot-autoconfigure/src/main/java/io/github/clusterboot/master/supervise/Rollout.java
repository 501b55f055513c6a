package io.github.clusterboot.master.supervise;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.RestartState;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.TimeSource;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The generations of workers. A rolling restart is a higher generation, to which the
 * passes of the {@link Supervisor} converge; one whose workers do not become ready is
 * rolled back to the last that was proven. Used on the event loop only.
 */
final class Rollout {

	private static final Log logger = MasterLog.of(Rollout.class);

	/**
	 * How many starts in a row may fail before a generation is rolled back.
	 */
	private static final int FAILED_STARTS_TO_ROLL_BACK = 2;

	private final EventJournal journal;

	private final TimeSource time;

	private int newest = 1;

	private int current = 1;

	private int proven = 1;

	private int failedStarts;

	private int lost;

	private ClusterView.@Nullable LastRestart lastRestart;

	Rollout(EventJournal journal, TimeSource time) {
		this.journal = journal;
		this.time = time;
	}

	/**
	 * Return the generation that new workers belong to. Workers of a lower one are to be
	 * replaced.
	 * @return the generation
	 */
	int generation() {
		return this.current;
	}

	boolean isUnderWay() {
		return this.current != this.proven;
	}

	/**
	 * Return whether a worker has still to show that it can serve: it has not settled, or
	 * its generation is not proven.
	 * @param worker the worker
	 * @return whether its end would be a failed start
	 */
	boolean isOnTrial(WorkerHandle worker) {
		return !worker.readiness().isSettled() || worker.identity().generation() > this.proven;
	}

	/**
	 * Begin with a new generation, whether or not the one before was complete.
	 * @param cause the cause, as text
	 */
	void begin(String cause) {
		this.current = ++this.newest;
		this.failedStarts = 0;
		this.lost = 0;
		this.lastRestart = new ClusterView.LastRestart(this.current, RestartState.RUNNING, this.time.now(), null, null);
		tell(ClusterEventType.RESTART_STARTED,
				cause + ": the workers are replaced one by one by generation " + this.current);
	}

	/**
	 * A worker has been ready for a while.
	 * @param generation its generation
	 */
	void succeeded(int generation) {
		if (generation == this.current) {
			this.failedStarts = 0;
		}
	}

	/**
	 * A worker has ended without having been ready for a while, or could not be started.
	 * @param generation its generation
	 * @param cause the cause, as text
	 */
	void failed(int generation, String cause) {
		if (isOfRollout(generation) && ++this.failedStarts >= FAILED_STARTS_TO_ROLL_BACK) {
			rollBack(cause);
		}
	}

	/**
	 * A worker that had been ready for a while has ended without having been asked. One
	 * may be an accident, and others that do become ready do not excuse it.
	 * @param generation its generation
	 * @param cause the cause, as text
	 */
	void lost(int generation, String cause) {
		if (isOfRollout(generation) && ++this.lost >= FAILED_STARTS_TO_ROLL_BACK) {
			rollBack(cause);
		}
	}

	private boolean isOfRollout(int generation) {
		return isUnderWay() && generation == this.current;
	}

	private void rollBack(String cause) {
		int failed = this.current;
		this.current = this.proven;
		end(RestartState.ROLLED_BACK, cause);
		tell(ClusterEventType.RESTART_ROLLED_BACK,
				"Generation " + failed + " does not start or does not last, generation " + this.current
						+ " serves on. The last failure: " + cause);
	}

	/**
	 * Every worker belongs to the generation now.
	 */
	void complete() {
		this.proven = this.current;
		end(RestartState.COMPLETED, null);
		tell(ClusterEventType.RESTART_COMPLETED, "Every worker belongs to generation " + this.current);
	}

	private void end(RestartState state, @Nullable String cause) {
		ClusterView.LastRestart running = this.lastRestart;
		if (running != null) {
			this.lastRestart = new ClusterView.LastRestart(running.generation(), state, running.startTime(),
					this.time.now(), cause);
		}
	}

	private void tell(ClusterEventType type, String message) {
		if (type == ClusterEventType.RESTART_ROLLED_BACK) {
			logger.error(message);
		}
		else {
			logger.info(message);
		}
		this.journal.record(type, message);
	}

	ClusterView.@Nullable LastRestart lastRestart() {
		return this.lastRestart;
	}

}
