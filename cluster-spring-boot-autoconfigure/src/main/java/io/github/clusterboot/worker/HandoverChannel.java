package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.ipc.SpareDescriptor;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of a handover channel, from which it takes connections. Where the
 * master lends its listening socket, connections are also accepted from that.
 * <p>
 * A connection is taken when the server asks for one and not before: what has not been
 * taken stays in the kernel's queue, from which the master can take it back. One thread
 * takes at a time; the others wait for it.
 */
final class HandoverChannel {

	private static final Log logger = LogFactory.getLog(HandoverChannel.class);

	/**
	 * How long to leave connections alone that there is no descriptor for.
	 */
	private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(100);

	/**
	 * A master that starts many workers at once takes its time.
	 */
	private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(30);

	private final String listener;

	private final Message.Listening listening;

	private final Scoreboard scoreboard;

	private final ScoreboardSlot figures;

	private final HandoverChannels siblings;

	private final SocketChannel channel;

	private final Socket socket;

	private final Selector selector;

	private final SelectionKey key;

	private final ReentrantLock taking = new ReentrantLock();

	/**
	 * Held while a connection is received, which never blocks.
	 */
	private final ReentrantLock receiving = new ReentrantLock();

	private final @Nullable LentSocket lent;

	private final ByteBuffer roomNotice = ByteBuffer.allocateDirect(1);

	private volatile boolean stopped;

	private volatile boolean wokenUp;

	private volatile boolean closed;

	private HandoverChannel(String listener, Message.Listening listening, Scoreboard scoreboard, int index,
			HandoverChannels siblings, SocketChannel channel, Selector selector) throws IOException {
		this.listener = listener;
		this.listening = listening;
		this.scoreboard = scoreboard;
		this.figures = scoreboard.slot(index);
		this.siblings = siblings;
		this.channel = channel;
		this.socket = new Socket(SocketChannels.descriptorOf(channel));
		this.selector = selector;
		this.key = channel.register(selector, SelectionKey.OP_READ);
		this.lent = listening.lent() ? new LentSocket(selector) : null;
	}

	/**
	 * Open a channel.
	 * @param directory the master's run directory
	 * @param identity which worker this process is
	 * @param listener the name of the listener
	 * @param listening what the master has said of the listener
	 * @param scoreboard the scoreboard
	 * @param siblings the worker's open channels
	 * @return the channel, owned by the caller
	 * @throws IOException if the master does not accept it
	 */
	static HandoverChannel open(RunDirectory directory, WorkerIdentity identity, String listener,
			Message.Listening listening, Scoreboard scoreboard, HandoverChannels siblings) throws IOException {
		// it is non-blocking before the master becomes a holder of this end, too
		SocketChannel channel = ChannelOpener.open(directory,
				new Message.OpenHandover(Message.PROTOCOL, identity.id(), listener), Message.HandoverOpened.class,
				OPEN_TIMEOUT);
		try {
			HandoverChannel handover = new HandoverChannel(listener, listening, scoreboard, identity.index(), siblings,
					channel, Selector.open());
			handover.open();
			return handover;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private void open() throws IOException {
		// first: the master may let it accept as soon as it is shared
		this.siblings.add(this);
		try {
			shareWithMaster();
			if (this.lent != null) {
				this.lent.borrow(this.socket, family(), OPEN_TIMEOUT);
			}
		}
		catch (IOException ex) {
			this.siblings.remove(this);
			this.selector.close();
			throw ex;
		}
	}

	private void shareWithMaster() throws IOException {
		if (this.socket.sendFd(this.socket.intValue()) < 0) {
			throw new IOException("The handover channel does not take its own descriptor");
		}
	}

	/**
	 * Return the listener's name.
	 * @return the name
	 */
	String listener() {
		return this.listener;
	}

	/**
	 * Return the address that the master listens on.
	 * @return the address
	 */
	InetSocketAddress address() {
		return new InetSocketAddress(this.listening.host(), this.listening.port());
	}

	/**
	 * Return the listener's column on the scoreboard.
	 * @return the ordinal
	 */
	int ordinal() {
		return this.listening.ordinal();
	}

	/**
	 * Take the next connection. Blocks until there is one.
	 * @return the connection, owned by the caller, or {@code null} if the thread was
	 * {@linkplain #wakeUp() woken up} or interrupted instead
	 * @throws ClosedChannelException if this channel is closed
	 * @throws IOException if it is broken, or a connection could not be used. With this
	 * one and with any {@link RuntimeException} a connection has been counted as taken,
	 * and the caller has to count it as closed.
	 */
	@Nullable SocketChannel take() throws IOException {
		this.taking.lock();
		try {
			return takeNext();
		}
		catch (ClosedChannelException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			// also where no connection was received: the kernel may have dropped one that
			// the master counts as sent, see recvmsg(2), and the caller counts a close
			this.figures.connectionTaken(ordinal());
			throw ex;
		}
		finally {
			this.figures.taking(ordinal(), false);
			this.taking.unlock();
		}
	}

	private @Nullable SocketChannel takeNext() throws IOException {
		while (!this.closed) {
			boolean able = !this.stopped && SpareDescriptor.isAvailable();
			this.figures.taking(ordinal(), able);
			SocketChannel connection = able ? receiveUnlessStopped() : null;
			if (connection != null) {
				return connection;
			}
			await(able);
			if (this.wokenUp || Thread.interrupted()) {
				this.wokenUp = false;
				return null;
			}
		}
		throw new ClosedChannelException();
	}

	/**
	 * Wait for a connection, or, if none could be taken, until that may have changed.
	 */
	private void await(boolean able) throws IOException {
		this.key.interestOps(able ? SelectionKey.OP_READ : 0);
		boolean failed = this.lent != null && this.lent.awaitConnection(able);
		if ((able && !failed) || this.stopped) {
			this.selector.select();
		}
		else {
			this.selector.select(SHORTAGE_PAUSE.toMillis());
		}
		this.selector.selectedKeys().clear();
	}

	private @Nullable SocketChannel receiveUnlessStopped() throws IOException {
		this.receiving.lock();
		try {
			return this.stopped ? null : receiveOrAccept();
		}
		finally {
			this.receiving.unlock();
		}
	}

	private @Nullable SocketChannel receiveOrAccept() throws IOException {
		SocketChannel connection = receive();
		if (connection == null && this.lent != null) {
			connection = this.lent.accept();
			if (connection != null) {
				this.figures.connectionAccepted(ordinal());
			}
		}
		return connection;
	}

	private @Nullable SocketChannel receive() throws IOException {
		int descriptor = this.socket.recvFd();
		if (descriptor == 0) {
			return null;
		}
		if (descriptor < 0) {
			// the master is gone, which the link notices: nothing more comes from here
			stopTaking();
			return null;
		}
		SocketChannel connection = adopt(descriptor);
		this.figures.connectionTaken(ordinal());
		if (connection == null) {
			this.figures.connectionClosed(ordinal());
		}
		if (this.scoreboard.isRoomWanted()) {
			tellMasterOfRoom();
		}
		return connection;
	}

	private @Nullable SocketChannel adopt(int descriptor) throws IOException {
		try {
			return SocketChannels.adopt(descriptor, family());
		}
		catch (Error ex) {
			// unlike an exception nobody counts it
			this.figures.connectionTaken(ordinal());
			this.figures.connectionClosed(ordinal());
			throw ex;
		}
	}

	/**
	 * A byte that does not fit into the kernel's buffer is not missed: the master has
	 * more than it can read of them.
	 */
	private void tellMasterOfRoom() {
		try {
			this.socket.send(this.roomNotice, 0, 1);
		}
		catch (IOException ex) {
			logger.debug("The master does not listen to this worker any more", ex);
		}
	}

	private ProtocolFamily family() {
		return this.listening.ipv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
	}

	/**
	 * Let a thread that waits for a connection return without one. If none waits, the
	 * next one returns at once.
	 */
	void wakeUp() {
		this.wokenUp = true;
		this.selector.wakeup();
	}

	/**
	 * Take nothing any more. Threads that wait for a connection wait on. What has been
	 * taken before is on the scoreboard when this method returns.
	 */
	void stopTaking() {
		this.receiving.lock();
		try {
			this.stopped = true;
		}
		finally {
			this.receiving.unlock();
		}
		this.selector.wakeup();
	}

	/**
	 * Return the listening socket that the master lends to this worker.
	 * @return the socket, or {@code null} where the master accepts itself
	 */
	@Nullable LentSocket lent() {
		return this.lent;
	}

	/**
	 * Close the channel. A thread that waits for a connection gets a
	 * {@link ClosedChannelException}. May be called again.
	 * @throws IOException if the kernel does not like it
	 */
	void close() throws IOException {
		this.closed = true;
		this.selector.wakeup();
		this.taking.lock();
		try {
			if (this.channel.isOpen()) {
				this.siblings.remove(this);
				// the master holds this end open: only the end of the stream tells it
				this.channel.shutdownOutput();
				this.key.cancel();
				if (this.lent != null) {
					this.lent.close();
				}
				this.selector.selectNow();
				this.channel.close();
				this.selector.close();
			}
		}
		finally {
			this.taking.unlock();
		}
	}

}
