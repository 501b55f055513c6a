package io.github.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;

/**
 * A server whose connections come from the master, as the drain of its worker sees it.
 * <p>
 * One thread calls all methods, repeatedly until no connection is left. None of them
 * blocks for long.
 */
public interface DrainableServer {

	/**
	 * Make each connection end with its next answer: HTTP/1.1 answers say
	 * {@code Connection: close}, HTTP/2 clients are told to go away.
	 */
	void endWithNextAnswer();

	/**
	 * Release idle connections, if the master accepts them and another server can read on
	 * where this one has stopped. A connection is idle between two requests, or before
	 * the first, if nothing of the next one has been read.
	 * @throws IOException if the master does not accept connections; then none has been
	 * released
	 */
	void releaseIdle() throws IOException;

	/**
	 * Hand the released connections back to the master.
	 * @return how many are left, for the next time
	 * @throws IOException if the master does not accept them; those that are left are
	 * handed back the next time
	 */
	int handBackReleased() throws IOException;

	/**
	 * Close idle connections with nothing to be read, and released ones.
	 * @param idleFor only those that have been idle for this long
	 */
	void closeIdle(Duration idleFor);

}
