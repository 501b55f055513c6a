package io.github.clusterboot.worker;

/**
 * The master has answered that it does not do what it was asked for.
 */
public final class CommandRefusedException extends Exception {

	/**
	 * Create an exception.
	 * @param message the master's reason
	 */
	public CommandRefusedException(String message) {
		super(message);
	}

}
