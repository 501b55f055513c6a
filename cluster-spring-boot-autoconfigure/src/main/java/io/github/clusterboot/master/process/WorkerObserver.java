package io.github.clusterboot.master.process;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;

/**
 * Is told what becomes of workers.
 * <p>
 * Observers that are given to the master's starter of workers are told on its thread, one
 * after the other, all methods but {@link #clusterStopped}: such an observer may look at
 * files. It delays the starts of workers as long as it takes, but not the master. What
 * the supervision itself tells is told on the event loop, where nothing may wait. What an
 * observer throws is logged.
 */
public interface WorkerObserver {

	/**
	 * A worker is ready for the first time.
	 * @param worker the worker
	 */
	default void ready(WorkerIdentity worker) {
	}

	/**
	 * A worker's process has ended.
	 * @param worker the worker, which may never have been ready
	 * @param reason why it has ended
	 * @param exitCode its exit code, 128 + the number of the signal that has killed it
	 */
	default void exited(WorkerIdentity worker, ExitReason reason, int exitCode) {
	}

	/**
	 * The process of a worker could not be started.
	 * @param id the worker's id
	 */
	default void startFailed(int id) {
	}

	/**
	 * The cluster has stopped: what goes on beside it is of no use any longer, and soon
	 * misses the run directory. Must return at once. May be called by any thread, also
	 * while another method runs, and others may follow.
	 */
	default void clusterStopped() {
	}

}
