package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;

/**
 * Sends descriptors over Unix sockets and finds the files behind them. May be used from
 * any thread.
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

	/**
	 * Return the path by which this process reaches a file that it has open, see
	 * {@code proc(5)}, on macOS {@code fd(4)}.
	 * @param descriptor the file's descriptor
	 * @return the path
	 * @throws IOException if this system has no such paths
	 */
	public static Path pathOf(FileDescriptor descriptor) throws IOException {
		Path descriptors = Path.of(NativeTransport.isMacOs() ? "/dev/fd" : "/proc/self/fd");
		if (!Files.isDirectory(descriptors)) {
			throw new IOException("A cluster needs " + descriptors + ": mount /proc");
		}
		return descriptors.resolve(String.valueOf(descriptor.intValue()));
	}

}
