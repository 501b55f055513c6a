package io.github.clusterboot;

/**
 * What a {@link ClusterEvent} tells.
 *
 * @since 0.1.0
 */
public enum ClusterEventType {

	/**
	 * A worker's process was started.
	 */
	WORKER_STARTED,

	/**
	 * A worker has connected to the master.
	 */
	WORKER_ONLINE,

	/**
	 * A worker's server listens for the first time.
	 */
	WORKER_LISTENING,

	/**
	 * A worker accepts traffic.
	 */
	WORKER_READY,

	/**
	 * A worker that was ready refuses traffic.
	 */
	WORKER_OUT_OF_SERVICE,

	/**
	 * A worker has begun to finish what it holds before it ends.
	 */
	WORKER_DRAINING,

	/**
	 * A worker's process has ended.
	 */
	WORKER_EXITED,

	/**
	 * A worker will be started in place of one that has ended.
	 */
	WORKER_RESTART_SCHEDULED,

	/**
	 * A rolling restart has begun.
	 */
	RESTART_STARTED,

	/**
	 * A rolling restart has ended well.
	 */
	RESTART_COMPLETED,

	/**
	 * A rolling restart has failed; the workers of the generation before serve on.
	 */
	RESTART_ROLLED_BACK,

	/**
	 * The target number of workers has changed.
	 */
	CLUSTER_RESIZED,

	/**
	 * The master stops its workers and then itself.
	 */
	CLUSTER_STOPPING

}
