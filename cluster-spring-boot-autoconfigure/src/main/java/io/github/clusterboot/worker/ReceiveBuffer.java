package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * The kernel's receive buffer of a connection. May be looked at from any thread.
 */
public final class ReceiveBuffer {

	private ReceiveBuffer() {
	}

	/**
	 * Return whether there is something to be read. The first bytes of a request may be
	 * here before a server's selector has seen them. Does not block.
	 * @param connection the connection
	 * @return whether the kernel has bytes for it; {@code false} if it is closed
	 */
	public static boolean hasBytes(SocketChannel connection) {
		try {
			return connection.socket().getInputStream().available() > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
