package io.github.clusterboot.master.process;

import java.util.concurrent.CompletableFuture;

/**
 * A worker's process and what it prints. All methods may be called from any thread.
 */
public interface WorkerProcess {

	/**
	 * Return whether the process has not ended.
	 * @return whether it lives
	 */
	boolean isAlive();

	/**
	 * Return a future that completes when the process has ended and what it has printed
	 * has been passed on.
	 * @return the exit code, 128 + the number of the signal that has killed it
	 */
	CompletableFuture<Integer> exit();

	/**
	 * Look whether the process has ended: the notification may have been lost.
	 */
	void look();

	/**
	 * Return the end of what the process has printed.
	 * @return the last lines, as many as fit into an event
	 */
	String lastWords();

	/**
	 * Do not pass on what the process prints from now on.
	 */
	void holdBackOutput();

	/**
	 * Pass on what the process prints, if it was held back.
	 */
	void releaseOutput();

	/**
	 * Send {@code TERM}.
	 */
	void terminate();

	/**
	 * Send {@code KILL}.
	 */
	void kill();

}
