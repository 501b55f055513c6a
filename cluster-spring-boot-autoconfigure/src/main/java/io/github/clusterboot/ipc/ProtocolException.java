package io.github.clusterboot.ipc;

import java.io.IOException;

/**
 * What came over a channel is not what the protocol allows. The channel has to be closed.
 */
public class ProtocolException extends IOException {

	/**
	 * Create a new exception.
	 * @param message what is wrong
	 */
	public ProtocolException(String message) {
		super(message);
	}

}
