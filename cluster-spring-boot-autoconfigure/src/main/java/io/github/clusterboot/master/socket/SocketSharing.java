package io.github.clusterboot.master.socket;

/**
 * Whether workers accept themselves.
 */
public enum SocketSharing {

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
