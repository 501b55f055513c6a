package io.github.clusterboot.worker;

/**
 * The master has not answered, or there is none.
 */
public class MasterUnavailableException extends Exception {

	MasterUnavailableException(String message) {
		super(message);
	}

}
