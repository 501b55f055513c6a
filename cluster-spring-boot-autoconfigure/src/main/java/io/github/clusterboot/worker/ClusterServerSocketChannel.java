package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import io.github.clusterboot.os.NativeTransport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ServerSocketChannel} whose {@code bind} asks the master to listen and whose
 * {@code accept} takes the next connection that the master hands over.
 * <p>
 * The master owns the listening socket: it has the master's backlog and options, and
 * closing this channel does not close it. This channel is always in blocking mode; the
 * accepted ones are non-blocking. One thread accepts at a time.
 */
public final class ClusterServerSocketChannel extends ServerSocketChannel {

	private static final Log logger = LogFactory.getLog(ClusterServerSocketChannel.class);

	private final MasterLink link;

	private final String name;

	private volatile @Nullable HandoverChannel handover;

	private final AtomicReference<@Nullable HandBackChannel> handBack = new AtomicReference<>();

	/**
	 * Create a channel that is not bound yet.
	 * @param link the link to the master
	 * @param name the listener's name
	 */
	public ClusterServerSocketChannel(MasterLink link, String name) {
		super(SelectorProvider.provider());
		this.link = link;
		this.name = name;
	}

	/**
	 * Ask the master to listen.
	 * @param local the address
	 * @param backlog ignored: the socket has the master's backlog
	 * @return this channel
	 * @throws UnresolvedAddressException if the address has no IP address
	 * @throws java.net.BindException if the master cannot listen there, or this worker
	 * already listens under the same name
	 * @throws IOException if the master does not answer
	 */
	@Override
	public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
		if (this.handover != null) {
			throw new AlreadyBoundException();
		}
		InetSocketAddress address = (local != null) ? (InetSocketAddress) local : new InetSocketAddress(0);
		if (address.isUnresolved()) {
			throw new UnresolvedAddressException();
		}
		this.handover = this.link.listen(this.name, address);
		return this;
	}

	/**
	 * Take the next connection.
	 * @return the connection, or {@code null} if the thread was {@linkplain #wakeUp()
	 * woken up} or interrupted instead
	 * @throws ClosedChannelException if this channel is closed, before or meanwhile
	 * @throws IOException if the link to the master is broken
	 */
	@Override
	public @Nullable SocketChannel accept() throws IOException {
		return handover().take();
	}

	/**
	 * Make a thread that waits in {@link #accept()} return without a connection. If none
	 * waits, the next one returns at once. May be called from any thread.
	 */
	public void wakeUp() {
		HandoverChannel handover = this.handover;
		if (handover != null) {
			handover.wakeUp();
		}
	}

	/**
	 * Count a taken connection as closed. May be called from any thread.
	 */
	public void connectionClosed() {
		this.link.figures().connectionClosed(handover().ordinal());
	}

	/**
	 * Prepare to hand connections back, unless that was done before. Blocks until the
	 * master is ready for them, for at most a second. One thread at a time may do this
	 * and hand back.
	 * @throws ClosedChannelException if this channel is closed
	 * @throws IOException if the master does not accept connections
	 */
	public void openHandBack() throws IOException {
		if (this.handBack.get() == null) {
			this.handBack.set(this.link.openHandBack(this.name));
			if (!isOpen()) {
				closeHandBack();
				throw new ClosedChannelException();
			}
		}
	}

	/**
	 * Hand a connection back to the master, which hands it over to another worker. Unread
	 * bytes go with it. {@link #openHandBack()} has to be called first.
	 * @param connection a connection that is not registered with a selector: the JDK
	 * shuts down one that is closed while it is registered (see
	 * {@code sun.nio.ch.SocketChannelImpl}), for every process that holds it. It already
	 * counts as closed. It is no longer owned by the caller when this method returns
	 * {@code true}.
	 * @return whether the master has it; otherwise the kernel's queue is full
	 * @throws IOException if the master does not accept it; {@link #openHandBack()} has
	 * to be called again
	 */
	public boolean handBack(SocketChannel connection) throws IOException {
		HandBackChannel handBack = this.handBack.get();
		if (handBack == null) {
			throw new IOException("The hand-back channel is not open");
		}
		try {
			if (!handBack.send(connection)) {
				return false;
			}
		}
		catch (IOException ex) {
			closeHandBack();
			throw ex;
		}
		// otherwise this process, which is draining, keeps its copy until it ends
		if (!NativeTransport.current().losesWhatIsClosedInFlight()) {
			close(connection);
		}
		return true;
	}

	private static void close(SocketChannel handedBack) {
		try {
			handedBack.close();
		}
		catch (IOException ex) {
			logger.debug("Failed to close a connection that was handed back", ex);
		}
	}

	private HandoverChannel handover() {
		HandoverChannel handover = this.handover;
		if (handover == null) {
			throw new NotYetBoundException();
		}
		return handover;
	}

	@Override
	public @Nullable SocketAddress getLocalAddress() throws IOException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
		return address();
	}

	/**
	 * Return the address that the master listens on, even after this channel was closed.
	 * @return the address, or {@code null} if this channel was never bound
	 */
	@Nullable InetSocketAddress address() {
		HandoverChannel handover = this.handover;
		return (handover != null) ? handover.address() : null;
	}

	@Override
	public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
		throw new UnsupportedOperationException("The listening socket is owned by the master");
	}

	@Override
	public <T> T getOption(SocketOption<T> name) {
		throw new UnsupportedOperationException("The listening socket is owned by the master");
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

	/**
	 * Return a view of this channel that has its address but does not accept.
	 */
	@Override
	public ServerSocket socket() {
		return ClusterServerSocket.of(this);
	}

	@Override
	protected void implCloseSelectableChannel() throws IOException {
		HandoverChannel handover = this.handover;
		if (handover != null) {
			handover.close();
		}
		closeHandBack();
	}

	private void closeHandBack() throws IOException {
		HandBackChannel handBack = this.handBack.getAndSet(null);
		if (handBack != null) {
			handBack.close();
		}
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		if (!block) {
			throw new UnsupportedOperationException("Connections can only be taken by blocking calls");
		}
	}

}
