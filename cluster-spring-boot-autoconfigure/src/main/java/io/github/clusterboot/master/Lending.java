package io.github.clusterboot.master;

/**
 * Whether workers accept by themselves.
 */
enum Lending {

	/**
	 * The master accepts, and hands over.
	 */
	NONE,

	/**
	 * All workers accept from the same socket.
	 */
	TOGETHER,

	/**
	 * Each worker accepts from a socket of its own.
	 */
	ALONE

}
