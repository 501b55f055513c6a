package io.github.clusterboot.master.process;

import java.io.IOException;
import java.util.List;

import io.github.clusterboot.ExitReason;

/**
 * Builds the command line that starts a worker, and is told what became of it.
 */
@FunctionalInterface
public interface WorkerCommand extends AutoCloseable {

	/**
	 * The master is about to start. Returns at once; what takes longer than that goes on
	 * beside it.
	 */
	default void prepare() {
	}

	/**
	 * Wait, not for long, for what was begun by {@link #prepare}. Called by the thread
	 * that runs the master, before it.
	 */
	default void awaitPrepared() {
	}

	/**
	 * Return the command, environment and working directory of a worker's process. The
	 * redirection of its streams is left to the caller. Called by the thread that starts
	 * workers, as all that follows.
	 * @param launch what is special to this worker
	 * @return a builder that has not been started
	 * @throws IOException if a file that the command needs cannot be written
	 */
	ProcessBuilder build(WorkerLaunch launch) throws IOException;

	/**
	 * A worker is ready for the first time.
	 * @param id the worker's id
	 */
	default void ready(int id) {
	}

	/**
	 * A worker's process has ended.
	 * @param id the worker's id
	 * @param reason why it has ended
	 * @param exitCode its exit code, 128 + the number of the signal that has killed it
	 */
	default void ended(int id, ExitReason reason, int exitCode) {
	}

	/**
	 * The process of a worker could not be started.
	 * @param id the worker's id
	 */
	default void notStarted(int id) {
	}

	/**
	 * Return what may help a user whose workers do not start.
	 * @return hints, each a sentence or more; empty for none
	 */
	default List<String> hints() {
		return List.of();
	}

	/**
	 * No more workers are started: what goes on beside them is of no use any longer, and
	 * may soon miss the run directory. Returns at once. May be called by any thread.
	 */
	default void startNoMore() {
	}

	/**
	 * The master has stopped.
	 */
	@Override
	default void close() {
	}

}
