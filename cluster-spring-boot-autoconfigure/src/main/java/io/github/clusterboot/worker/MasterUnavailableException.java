package io.github.clusterboot.worker;

/**
 * The master has not answered.
 */
public final class MasterUnavailableException extends Exception {

	/**
	 * Create an exception.
	 * @param message how long the master has been waited for
	 */
	public MasterUnavailableException(String message) {
		super(message);
	}

}
