package io.github.clusterboot.os;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoEvent;
import io.netty.channel.kqueue.KQueueIoHandle;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueIoOps;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The transport of macOS. The numbers are those of its {@code sys/socket.h},
 * {@code sys/un.h} and {@code sys/event.h}.
 */
final class KQueueTransport extends NativeTransport {

	private static final int SOL_SOCKET = 0xffff;

	private static final int SO_ACCEPTCONN = 0x0002;

	private static final int SO_TYPE = 0x1008;

	private static final int SOL_LOCAL = 0;

	private static final int LOCAL_PEERCRED = 0x001;

	private static final int LOCAL_PEERPID = 0x002;

	/** Where {@code cr_uid} is in {@code struct xucred}, which is longer. */
	private static final int XUCRED_UID = 4;

	private static final short EVFILT_READ = -1;

	private static final short EV_ADD = 0x0001;

	private static final short EV_ENABLE = 0x0004;

	private static final short EV_DISABLE = 0x0008;

	@Override
	void ensureAvailability() {
		KQueue.ensureAvailability();
	}

	@Override
	public IoHandlerFactory newIoHandlerFactory() {
		return KQueueIoHandler.newFactory();
	}

	@Override
	public DomainSocketChannel newDomainSocketChannel(int descriptor) {
		return new KQueueDomainSocketChannel(descriptor);
	}

	/**
	 * Not by Netty, which asks for {@code LOCAL_PEERCRED} at the level of
	 * {@code SOL_SOCKET}, where that number is {@code SO_DEBUG}.
	 */
	@Override
	public Peer peer(Socket socket) throws IOException {
		ByteBuffer credentials = ByteBuffer.allocateDirect(XUCRED_UID + Integer.BYTES).order(ByteOrder.nativeOrder());
		socket.getRawOpt(SOL_LOCAL, LOCAL_PEERCRED, credentials);
		return new Peer(socket.getIntOpt(SOL_LOCAL, LOCAL_PEERPID), credentials.getInt(XUCRED_UID));
	}

	@Override
	public IoHandle watch(FileDescriptor descriptor, Reader reader) {
		return new Watch(descriptor.intValue(), reader);
	}

	/**
	 * Without {@code EV_CLEAR} the event is there for as long as there is something to
	 * read, see {@code kqueue(2)}.
	 */
	@Override
	public IoOps readInterest(boolean wanted) {
		return KQueueIoOps.newOps(EVFILT_READ, wanted ? (short) (EV_ADD | EV_ENABLE) : EV_DISABLE, 0);
	}

	/**
	 * There is no {@code SO_DOMAIN}: a socket without the TCP option is not a TCP socket,
	 * and the family is that of the address.
	 */
	@Override
	public @Nullable ProtocolFamily tcpFamily(Socket socket) throws IOException {
		if (socket.getIntOpt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM) {
			return null;
		}
		try {
			socket.isTcpNoDelay();
		}
		catch (IOException ex) {
			return null;
		}
		return (socket.localAddress().getAddress() instanceof Inet6Address) ? StandardProtocolFamily.INET6
				: StandardProtocolFamily.INET;
	}

	@Override
	public boolean isListening(Socket socket) throws IOException {
		return socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0;
	}

	@Override
	public boolean hasPacketFilters() {
		return false;
	}

	/**
	 * Node and Python do the same, see {@code https://github.com/nodejs/node/pull/7572}.
	 */
	@Override
	public boolean losesWhatIsClosedInFlight() {
		return true;
	}

	/**
	 * What the event loop registers.
	 */
	private record Watch(int ident, Reader reader) implements KQueueIoHandle {

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			if (((KQueueIoEvent) event).filter() == EVFILT_READ) {
				this.reader.readable();
			}
		}

		@Override
		public void close() {
			this.reader.close();
		}

	}

}
