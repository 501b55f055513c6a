package io.github.clusterboot;

/**
 * How the master chooses the worker that a connection is handed over to.
 */
public enum Scheduling {

	/**
	 * The next ready worker in turn, passing over one that lets connections wait.
	 */
	ROUND_ROBIN

}
