package io.github.clusterboot.ipc;

import java.io.IOException;

import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;

/**
 * Sends descriptors over Unix sockets. May be used from any thread.
 */
public final class Descriptors {

	private Descriptors() {
	}

	/**
	 * Send a descriptor. Does not block.
	 * @param descriptor the descriptor, which the caller still owns
	 * @param socket the socket, non-blocking
	 * @return {@code false} if the kernel's queue is full, or the kernel short of
	 * something
	 * @throws IOException if the socket is broken
	 */
	public static boolean send(int descriptor, Socket socket) throws IOException {
		try {
			return socket.sendFd(descriptor) >= 0;
		}
		catch (NativeIoException ex) {
			if (Errno.isShortage(ex)) {
				return false;
			}
			throw ex;
		}
	}

}
