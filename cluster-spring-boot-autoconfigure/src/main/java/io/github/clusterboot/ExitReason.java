package io.github.clusterboot;

/**
 * Why a worker's process has ended.
 *
 * @since 0.1.0
 */
public enum ExitReason {

	/**
	 * Somebody asked for it: the cluster stops, or the worker got a {@code TERM} signal.
	 */
	REQUESTED,

	/**
	 * A restart replaced the worker.
	 */
	RESTART,

	/**
	 * The target number of workers was lowered.
	 */
	SCALE_DOWN,

	/**
	 * The worker had served its maximum of requests.
	 */
	MAX_REQUESTS,

	/**
	 * The worker had reached its maximum age.
	 */
	MAX_LIFETIME,

	/**
	 * The worker had grown above its maximum of memory.
	 */
	MAX_MEMORY,

	/**
	 * Nobody asked for it.
	 */
	CRASHED,

	/**
	 * The worker had been silent for the heartbeat timeout and was killed.
	 */
	HUNG,

	/**
	 * The process ended before the worker was ready.
	 */
	START_FAILED,

	/**
	 * The worker was not ready within the start timeout and was killed.
	 */
	START_TIMEOUT,

	/**
	 * The worker had not ended within the drain timeout and was killed.
	 */
	DRAIN_TIMEOUT

}
