package io.github.clusterboot.master;

import java.io.IOException;
import java.net.InetSocketAddress;

import io.github.clusterboot.ipc.Errno;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A listening TCP socket, bound as the JVM's own server would bind: dual stack where the
 * machine has IPv6 and {@code java.net.preferIPv4Stack} does not forbid it, with
 * {@code SO_REUSEADDR} (see {@code sun.nio.ch.ServerSocketChannelImpl}).
 */
final class ListeningSocket extends Socket {

	private final boolean ipv6;

	private final InetSocketAddress address;

	/**
	 * Room for the peer's address, which {@code accept(2)} wants and nobody here reads.
	 */
	private final byte[] peer = new byte[25];

	private ListeningSocket(int fd, boolean ipv6, InetSocketAddress address) {
		super(fd);
		this.ipv6 = ipv6;
		this.address = address;
	}

	/**
	 * Open a socket and listen.
	 * @param listener the name of the listener that the socket is for
	 * @param address the address to listen on
	 * @param backlog how many connections the kernel may queue
	 * @return the socket, owned by the caller
	 * @throws ListenException if that is not possible
	 */
	static ListeningSocket open(String listener, InetSocketAddress address, int backlog) throws ListenException {
		boolean ipv6 = isIPv6Preferred();
		Socket socket = LinuxSocket.newSocketStream(ipv6);
		try {
			socket.setReuseAddress(true);
			socket.bind(address);
			socket.listen(backlog);
			return new ListeningSocket(socket.intValue(), ipv6, socket.localAddress());
		}
		catch (IOException ex) {
			closeQuietly(socket);
			throw new ListenException(listener, address, reason(ex), ex);
		}
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// the reason why it could not be bound says more
		}
	}

	private static ListenException.Reason reason(IOException ex) {
		if (ex instanceof NativeIoException error) {
			if (Errno.EADDRINUSE.is(error)) {
				return ListenException.Reason.ADDRESS_IN_USE;
			}
			if (Errno.EACCES.is(error)) {
				return ListenException.Reason.PERMISSION_DENIED;
			}
			if (Errno.EADDRNOTAVAIL.is(error)) {
				return ListenException.Reason.ADDRESS_NOT_AVAILABLE;
			}
		}
		return ListenException.Reason.OTHER;
	}

	/**
	 * Accept the next connection.
	 * @return the connection, owned by the caller, or {@code null} if none waits
	 * @throws IOException if {@code accept(2)} fails
	 */
	@Nullable FileDescriptor acceptConnection() throws IOException {
		int fd = accept(this.peer);
		return (fd >= 0) ? new FileDescriptor(fd) : null;
	}

	boolean isIpv6() {
		return this.ipv6;
	}

	/**
	 * Return the address that the socket is really bound to.
	 * @return the address
	 */
	InetSocketAddress address() {
		return this.address;
	}

	int port() {
		return this.address.getPort();
	}

}
