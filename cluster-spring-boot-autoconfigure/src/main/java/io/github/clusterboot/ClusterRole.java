package io.github.clusterboot;

/**
 * What a JVM is to its cluster. A JVM has one role for its whole life.
 *
 * @since 0.1.0
 */
public enum ClusterRole {

	/**
	 * The application runs exactly as it would without the starter.
	 */
	STANDALONE,

	/**
	 * The process owns the listening sockets and supervises the workers; it never creates
	 * the application's context.
	 */
	MASTER,

	/**
	 * The process runs the application on connections that the master hands over.
	 */
	WORKER

}
