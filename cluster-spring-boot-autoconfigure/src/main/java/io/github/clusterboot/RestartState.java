package io.github.clusterboot;

/**
 * How far a rolling restart has got.
 *
 * @since 0.1.0
 */
public enum RestartState {

	/**
	 * Workers are being replaced.
	 */
	RUNNING,

	/**
	 * Every worker has been replaced.
	 */
	COMPLETED,

	/**
	 * New workers did not become ready; the workers of the generation before serve on.
	 */
	ROLLED_BACK

}
