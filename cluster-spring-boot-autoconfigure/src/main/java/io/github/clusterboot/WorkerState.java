package io.github.clusterboot;

/**
 * Where a worker is in its life.
 *
 * @since 0.1.0
 */
public enum WorkerState {

	/**
	 * The process was started and has not been ready yet.
	 */
	STARTING,

	/**
	 * The application accepts traffic: connections are scheduled to this worker.
	 */
	READY,

	/**
	 * The application's readiness state refuses traffic: no connection is scheduled to
	 * this worker until it accepts traffic again.
	 */
	OUT_OF_SERVICE,

	/**
	 * The worker finishes what it has and then ends; it is given nothing new.
	 */
	DRAINING,

	/**
	 * The process has ended.
	 */
	STOPPED

}
