package io.github.clusterboot;

/**
 * How the workers of a cluster come by their connections.
 *
 * @since 0.1.0
 */
public enum Scheduling {

	/**
	 * The master hands each connection over to the next ready worker in turn, passing
	 * over one that lets connections wait.
	 */
	ROUND_ROBIN,

	/**
	 * The master hands each connection over to the worker with the fewest open ones.
	 */
	LEAST_CONNECTIONS,

	/**
	 * The master hands all connections from one client address over to one worker.
	 */
	SOURCE_HASH,

	/**
	 * The workers accept from one listening socket that the master lends to all of them.
	 */
	SHARED,

	/**
	 * The workers accept each from a listening socket that the master lends to it alone,
	 * and the kernel chooses the socket for each connection.
	 */
	REUSE_PORT

}
