package io.github.clusterboot.actuate;

/**
 * Asks the master to change the cluster. Each method returns as soon as the master has
 * begun, and may be called from any thread.
 */
public interface ClusterCommands {

	/**
	 * Ask for a rolling restart.
	 * @throws ClusterUnavailableException if the master does not answer or refuses
	 */
	void restart() throws ClusterUnavailableException;

	/**
	 * Ask for the replacement of one worker.
	 * @param id the worker's id
	 * @throws ClusterUnavailableException if the master does not answer or refuses
	 */
	void restart(int id) throws ClusterUnavailableException;

	/**
	 * Ask for another number of workers.
	 * @param workers the number
	 * @throws ClusterUnavailableException if the master does not answer or refuses
	 */
	void resize(int workers) throws ClusterUnavailableException;

}
