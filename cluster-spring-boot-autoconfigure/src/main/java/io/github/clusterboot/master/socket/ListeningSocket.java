package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.clusterboot.os.Errno;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A listening TCP socket, bound as the JVM's own server would bind: dual stack if the
 * machine has IPv6 and {@code java.net.preferIPv4Stack} does not forbid it, with
 * {@code SO_REUSEADDR} (see {@code sun.nio.ch.ServerSocketChannelImpl}).
 */
public final class ListeningSocket extends Socket {

	private static final int IPPROTO_TCP = 6;

	private static final int TCP_INFO = 11;

	private static final int TCP_INFO_SIZE = 104;

	/**
	 * Where {@code tcpi_unacked} is in {@code struct tcp_info} of {@code linux/tcp.h}. Of
	 * a listening socket it is the length of the queue, see {@code tcp_get_info} in the
	 * kernel's {@code net/ipv4/tcp.c}.
	 */
	private static final int TCP_INFO_UNACKED = 24;

	private final boolean ipv6;

	private final InetSocketAddress address;

	private final boolean passed;

	/**
	 * Room for the peer's address, which {@code accept(2)} wants and this class does not
	 * read.
	 */
	private final byte[] peer = new byte[25];

	private ListeningSocket(int fd, boolean ipv6, InetSocketAddress address, boolean passed) {
		super(fd);
		this.ipv6 = ipv6;
		this.address = address;
		this.passed = passed;
	}

	/**
	 * Open a socket and listen.
	 * @param listener the name of the listener that the socket is for
	 * @param address the address to listen on
	 * @param backlog how many connections the kernel may queue
	 * @return the socket, owned by the caller
	 * @throws ListenException if that is not possible
	 */
	public static ListeningSocket open(String listener, InetSocketAddress address, int backlog) throws ListenException {
		return open(listener, address, (socket) -> {
			socket.bind(address);
			socket.listen(backlog);
		});
	}

	/**
	 * Open the first socket of a group with {@code SO_REUSEPORT}, and listen.
	 * @param listener the name of the listener that the socket is for
	 * @param address the address to listen on
	 * @param backlog how many connections the kernel may queue
	 * @return the socket, owned by the caller
	 * @throws ListenException if that is not possible, also if another process of the
	 * same user has such a group on the port
	 */
	static ListeningSocket openFirstOfGroup(String listener, InetSocketAddress address, int backlog)
			throws ListenException {
		return open(listener, address, (socket) -> {
			// in this order: with the option it would join any group of this user
			socket.bind(address);
			socket.setReusePort(true);
			socket.listen(backlog);
		});
	}

	/**
	 * Open a further socket of a group with {@code SO_REUSEPORT}, and listen.
	 * @param listener the name of the listener that the socket is for
	 * @param address the address that the group is bound to
	 * @param backlog how many connections the kernel may queue
	 * @return the socket, owned by the caller
	 * @throws ListenException if that is not possible
	 */
	static ListeningSocket openNextOfGroup(String listener, InetSocketAddress address, int backlog)
			throws ListenException {
		return open(listener, address, (socket) -> {
			socket.setReusePort(true);
			socket.bind(address);
			socket.listen(backlog);
		});
	}

	private static ListeningSocket open(String listener, InetSocketAddress address, Preparation preparation)
			throws ListenException {
		boolean ipv6 = isIPv6Preferred();
		Socket socket = null;
		try {
			socket = new Socket(newSocketStream0(ipv6));
			socket.setReuseAddress(true);
			preparation.prepare(socket);
			return new ListeningSocket(socket.intValue(), ipv6, socket.localAddress(), false);
		}
		catch (IOException | ChannelException ex) {
			closeQuietly(socket);
			IOException cause = (ex instanceof IOException failure) ? failure : new IOException(ex.getMessage(), ex);
			throw new ListenException(listener, address, reason(cause), cause);
		}
	}

	/**
	 * Use a socket that this process was started with, and make it non-blocking. Other
	 * processes hold the same socket and listen on after this one.
	 * @param descriptor the socket's descriptor, which is closed if it can be used
	 * @param scratch a directory for a file that lives for a moment
	 * @return the socket, owned by the caller
	 * @throws IOException if it is not a listening TCP socket
	 */
	static ListeningSocket passed(int descriptor, Path scratch) throws IOException {
		try {
			Socket socket = new Socket(descriptor);
			ProtocolFamily family = NativeTransport.current().tcpFamily(socket);
			if (family == null || !isListening(descriptor)) {
				throw new IOException("it is a socket, but not one that listens for TCP connections");
			}
			int nonBlocking = nonBlocking(descriptor, scratch.resolve("passed.sock"));
			socket.close();
			return new ListeningSocket(nonBlocking, family == StandardProtocolFamily.INET6,
					new Socket(nonBlocking).localAddress(), true);
		}
		catch (IOException | ChannelException ex) {
			throw new IOException(
					"descriptor " + descriptor + ": " + ((ex.getMessage() != null) ? ex.getMessage() : ex), ex);
		}
	}

	/**
	 * Send a descriptor to oneself: Netty makes what it receives non-blocking, which the
	 * JDK offers for no descriptor that it has not opened.
	 */
	private static int nonBlocking(int descriptor, Path path) throws IOException {
		DomainSocketAddress self = new DomainSocketAddress(path.toString());
		Socket socket = Socket.newSocketDomainDgram();
		try {
			socket.bind(self);
			socket.connect(self);
			if (socket.sendFd(descriptor) < 0) {
				throw new IOException("it cannot be sent");
			}
			int received = socket.recvFd();
			if (received <= 0) {
				throw new IOException("it does not arrive");
			}
			return received;
		}
		finally {
			socket.close();
			Files.deleteIfExists(path);
		}
	}

	private static void closeQuietly(@Nullable Socket socket) {
		try {
			if (socket != null) {
				socket.close();
			}
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
	 * Return whether a descriptor is a listening socket's and not a connection's.
	 * @param descriptor the descriptor, which stays open
	 * @return whether it is
	 * @throws IOException if it is not a socket
	 */
	public static boolean isListening(int descriptor) throws IOException {
		return NativeTransport.current().isListening(new Socket(descriptor));
	}

	/**
	 * Accept the next connection.
	 * @return the connection, owned by the caller, or {@code null} if none waits
	 * @throws IOException if {@code accept(2)} fails
	 */
	public @Nullable FileDescriptor acceptConnection() throws IOException {
		int fd = accept(this.peer);
		return (fd >= 0) ? new FileDescriptor(fd) : null;
	}

	public boolean isIpv6() {
		return this.ipv6;
	}

	/**
	 * Return the address that the socket is really bound to.
	 * @return the address
	 */
	public InetSocketAddress address() {
		return this.address;
	}

	public int port() {
		return this.address.getPort();
	}

	/**
	 * Return whether this process was started with the socket, which then belongs to
	 * others as well.
	 * @return whether it was
	 */
	public boolean isPassed() {
		return this.passed;
	}

	/**
	 * Return how many connections wait to be accepted.
	 * @return the number, or 0 if the kernel does not tell
	 */
	public int queued() {
		ByteBuffer info = ByteBuffer.allocateDirect(TCP_INFO_SIZE).order(ByteOrder.nativeOrder());
		try {
			getRawOpt(IPPROTO_TCP, TCP_INFO, info);
			return info.getInt(TCP_INFO_UNACKED);
		}
		catch (IOException | ChannelException ex) {
			return 0;
		}
	}

	/**
	 * Have the kernel queue as few connections as possible from now on. What is queued
	 * stays: another {@code listen(2)} only changes the backlog.
	 * @throws IOException if {@code listen(2)} fails
	 */
	public void shortenQueue() throws IOException {
		listen(0);
	}

	/**
	 * Stop listening, also for other processes that hold this socket, if the kernel can
	 * do that: on macOS it listens until the last of them has closed it.
	 * @throws IOException if {@code shutdown(2)} fails
	 */
	public void stopListening() throws IOException {
		try {
			shutdown(true, false);
		}
		catch (NotYetConnectedException ex) {
			// ENOTCONN: the kernel shuts down nothing but connections
		}
	}

	/**
	 * What makes a socket listen.
	 */
	@FunctionalInterface
	private interface Preparation {

		void prepare(Socket socket) throws IOException;

	}

}
