package io.github.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;

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
	void endWithNextAnswer();

	/**
	 * Let go of idle connections, if the master takes them and others can read on where
	 * this server has stopped. Idle is a connection between two requests, or before the
	 * first, of which nothing has been read.
	 * @throws IOException if the master does not take any; then nothing has been let go
	 */
	void releaseIdle() throws IOException;

	/**
	 * Give the connections that this server has let go of to the master.
	 * @return how many the master has not got yet
	 * @throws IOException if the master does not take them; then all that it has not got
	 * are left for the next time
	 */
	int handBackReleased() throws IOException;

	/**
	 * Close idle connections of which nothing is there to be read, and those that this
	 * server has let go of.
	 * @param idleFor only those that have been idle for this long
	 */
	void closeIdle(Duration idleFor);

}
