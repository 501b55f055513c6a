package io.github.clusterboot.actuate;

/**
 * The cluster's state is not known: the master has not answered, or there is none.
 */
public class ClusterUnavailableException extends Exception {

	/**
	 * Create a new exception.
	 * @param message the cause, as text for an operator
	 */
	public ClusterUnavailableException(String message) {
		super(message);
	}

}
