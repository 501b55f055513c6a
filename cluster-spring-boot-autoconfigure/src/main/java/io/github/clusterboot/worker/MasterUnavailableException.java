package io.github.clusterboot.worker;

/**
 * The master has not answered.
 */
public final class MasterUnavailableException extends Exception {

	/**
	 * Create an exception.
	 * @param message what has been waited for, and for how long
	 */
	public MasterUnavailableException(String message) {
		super(message);
	}

}
