package io.github.clusterboot.master;

import java.io.IOException;

/**
 * Builds the command line that starts a worker.
 */
@FunctionalInterface
public interface WorkerCommand {

	/**
	 * Return the command, environment and working directory of a worker's process. The
	 * redirection of its streams is left to the caller. Called on the master's event
	 * loop.
	 * @param launch what is special to this worker
	 * @return a builder that has not been started
	 * @throws IOException if a file that the command needs cannot be written
	 */
	ProcessBuilder build(WorkerLaunch launch) throws IOException;

}
