package io.github.clusterboot.os;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The transport of Linux, where x86_64 and aarch64 share all numbers.
 */
final class EpollTransport extends NativeTransport {

	private static final int SOL_SOCKET = 1;

	private static final int SO_TYPE = 3;

	private static final int SO_PEERCRED = 17;

	/** The size of {@code struct ucred}: the ids of process, user and group. */
	private static final int UCRED = 3 * Integer.BYTES;

	private static final int SO_ACCEPTCONN = 30;

	private static final int SO_DOMAIN = 39;

	private static final int AF_INET = 2;

	private static final int AF_INET6 = 10;

	@Override
	void ensureAvailability() {
		Epoll.ensureAvailability();
	}

	@Override
	public IoHandlerFactory newIoHandlerFactory() {
		return EpollIoHandler.newFactory();
	}

	@Override
	public DomainSocketChannel newDomainSocketChannel(int descriptor) {
		return new EpollDomainSocketChannel(descriptor);
	}

	/**
	 * By {@code SO_PEERCRED}, see {@code unix(7)}.
	 */
	@Override
	public Peer peer(Socket socket) throws IOException {
		ByteBuffer credentials = ByteBuffer.allocateDirect(UCRED).order(ByteOrder.nativeOrder());
		socket.getRawOpt(SOL_SOCKET, SO_PEERCRED, credentials);
		return new Peer(credentials.getInt(0), credentials.getInt(Integer.BYTES));
	}

	@Override
	public IoHandle watch(FileDescriptor descriptor, Reader reader) {
		return new Watch(descriptor, reader);
	}

	/**
	 * Without an interest a descriptor stays registered: {@code EPOLLERR} is always
	 * reported, see {@code epoll_ctl(2)}. Netty takes an empty set for a removal.
	 */
	@Override
	public IoOps readInterest(boolean wanted) {
		return wanted ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR;
	}

	@Override
	public @Nullable ProtocolFamily tcpFamily(Socket socket) throws IOException {
		int domain = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
		if ((domain != AF_INET && domain != AF_INET6) || socket.getIntOpt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM) {
			return null;
		}
		return (domain == AF_INET6) ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
	}

	@Override
	public boolean isListening(Socket socket) throws IOException {
		return socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0;
	}

	@Override
	public boolean hasPacketFilters() {
		return true;
	}

	@Override
	public boolean losesWhatIsClosedInFlight() {
		return false;
	}

	/**
	 * What the event loop registers.
	 */
	private record Watch(FileDescriptor fd, Reader reader) implements EpollIoHandle {

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLIN)) {
				this.reader.readable();
			}
		}

		@Override
		public void close() {
			this.reader.close();
		}

	}

}
