package io.github.clusterboot.worker;

import java.io.IOException;

/**
 * A server whose connections come from the master, as the end of its worker sees it.
 * <p>
 * One thread calls all methods, again and again until no connection is left. None of them
 * blocks for long.
 */
public interface DrainableServer {

	/**
	 * Let each connection end with its next answer: HTTP/1.1 answers say
	 * {@code Connection: close}, HTTP/2 clients are told to go away.
	 */
	void drain();

	/**
	 * Give idle connections to the master, if others can read on where this server has
	 * stopped. Idle is a connection between two requests, or before the first, of which
	 * nothing has been read.
	 * @return how many connections the server has let go of that the master has not got
	 * yet
	 * @throws IOException if the master does not take them
	 */
	int handBackIdle() throws IOException;

	/**
	 * Close idle connections.
	 */
	void closeIdle();

}
