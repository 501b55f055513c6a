package io.github.clusterboot.master.process;

import java.io.IOException;
import java.util.List;

/**
 * Builds the command line that starts a worker. Called by the thread that starts workers.
 */
@FunctionalInterface
public interface WorkerCommand {

	/**
	 * Return the command, environment and working directory of a worker's process. The
	 * redirection of its streams is left to the caller.
	 * @param launch what is special to this worker
	 * @return a builder that has not been started
	 * @throws IOException if a file that the command needs cannot be written
	 */
	ProcessBuilder build(WorkerLaunch launch) throws IOException;

	/**
	 * Return what may help a user whose workers do not start.
	 * @return hints, each a sentence or more; empty for none
	 */
	default List<String> hints() {
		return List.of();
	}

}
