package io.github.clusterboot;

/**
 * What the cluster as a whole is doing.
 *
 * @since 0.1.0
 */
public enum ClusterState {

	/**
	 * The target number of workers has not been ready yet.
	 */
	STARTING,

	/**
	 * As many workers as the target asks for are ready.
	 */
	RUNNING,

	/**
	 * Fewer workers are ready than the target asks for.
	 */
	DEGRADED,

	/**
	 * A rolling restart is under way.
	 */
	RESTARTING,

	/**
	 * The master stops its workers and then itself.
	 */
	STOPPING

}
