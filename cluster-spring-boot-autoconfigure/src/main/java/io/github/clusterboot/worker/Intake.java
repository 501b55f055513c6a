package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Where the connections of a listener come in: from the worker's end of a handover
 * channel and, where the master lends it, from the listening socket.
 * <p>
 * Owns the channel, the lent socket, and the selector that waits for both. One thread at
 * a time opens, receives, waits and closes; the other methods may be called from any
 * thread.
 */
final class Intake {

	/**
	 * How long to leave connections alone that there is no descriptor for.
	 */
	private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(100);

	/**
	 * After how many accepted connections to look whether one was handed over: the lent
	 * socket may never be empty.
	 */
	private static final int ACCEPTED_PER_LOOK = 32;

	private final Message.Listening listening;

	private final ScoreboardSlot figures;

	private final SocketChannel channel;

	private final Socket socket;

	private final HandoverSocket handover;

	private final Selector selector;

	private final SelectionKey key;

	/**
	 * Held while a connection is received, which never blocks.
	 */
	private final ReentrantLock receiving = new ReentrantLock();

	private final @Nullable LentSocket lent;

	/**
	 * Whether the selector has told of something in the channel that has not been
	 * received yet.
	 */
	private boolean handedOver;

	/**
	 * The same for the lent socket.
	 */
	private boolean acceptable;

	private int acceptedSinceLook;

	private volatile boolean stopped;

	/**
	 * Create an intake.
	 * @param channel the handover channel, non-blocking
	 * @param listening what the master has said of the listener
	 * @param scoreboard tells whether the master waits for room
	 * @param figures counts the connections
	 * @throws IOException if there is no descriptor for a selector
	 */
	Intake(SocketChannel channel, Message.Listening listening, Scoreboard scoreboard, ScoreboardSlot figures)
			throws IOException {
		this.listening = listening;
		this.figures = figures;
		this.channel = channel;
		this.socket = new Socket(SocketChannels.descriptorOf(channel));
		this.handover = new HandoverSocket(this.socket, family(), listening.ordinal(), scoreboard, figures);
		this.selector = Selector.open();
		this.key = channel.register(this.selector, SelectionKey.OP_READ);
		this.lent = listening.lent() ? new LentSocket(this.selector) : null;
	}

	/**
	 * Share the channel with the master, so that it can take back what waits there, and
	 * borrow the listening socket where it is lent.
	 * @param timeout how long to wait for the socket
	 * @throws IOException if the master does not take the one or give the other
	 */
	void open(Duration timeout) throws IOException {
		if (this.socket.sendFd(this.socket.intValue()) < 0) {
			throw new IOException("The handover channel does not take its own descriptor");
		}
		if (this.lent != null) {
			this.lent.borrow(this.socket, family(), timeout);
		}
	}

	/**
	 * Close what could not be opened.
	 * @throws IOException if the kernel does not like it
	 */
	void abandon() throws IOException {
		// before the channel: its descriptor is closed when no selector has it any more
		this.selector.close();
		// the master may hold this end open
		this.channel.shutdownOutput();
		this.channel.close();
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	/**
	 * Return the listening socket that the master lends to this worker.
	 * @return the socket, or {@code null} where the master accepts itself
	 */
	@Nullable LentSocket lent() {
		return this.lent;
	}

	/**
	 * Return whether {@link #await(boolean)} has seen a connection that may still be
	 * there.
	 * @return whether it is worth while to receive
	 */
	boolean hasSeen() {
		return this.handedOver || this.acceptable;
	}

	/**
	 * Receive the next connection of those that {@link #await(boolean)} has seen.
	 * @return the connection, which has been counted as taken and is owned by the caller,
	 * or {@code null} if there is none, or this intake is stopped
	 * @throws IOException if the channel is broken, or a connection could not be used; it
	 * has been counted as taken and as closed
	 */
	@Nullable SocketChannel receive() throws IOException {
		this.receiving.lock();
		try {
			return this.stopped ? null : receiveOrAccept();
		}
		finally {
			this.receiving.unlock();
		}
	}

	/**
	 * Neither is asked for a connection before the selector has told of one: each has
	 * none while all come from the other.
	 */
	private @Nullable SocketChannel receiveOrAccept() throws IOException {
		SocketChannel connection = this.handedOver ? receiveHandedOver() : null;
		return (connection == null && this.acceptable) ? accept() : connection;
	}

	private @Nullable SocketChannel receiveHandedOver() throws IOException {
		SocketChannel connection = this.handover.receive();
		this.handedOver = connection != null;
		if (this.handover.isEnded()) {
			// the link notices, too: nothing more comes from here
			stop();
		}
		return connection;
	}

	private @Nullable SocketChannel accept() {
		SocketChannel connection = (this.lent != null) ? this.lent.accept() : null;
		this.acceptable = connection != null;
		if (connection != null) {
			this.figures.connectionAccepted(this.listening.ordinal());
			this.acceptedSinceLook = (this.acceptedSinceLook + 1) % ACCEPTED_PER_LOOK;
			this.handedOver = this.acceptedSinceLook == 0;
		}
		return connection;
	}

	private ProtocolFamily family() {
		return this.listening.ipv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
	}

	/**
	 * Wait for a connection, or, if none could be received, until that may have changed.
	 * @param able whether the caller could receive one
	 * @throws IOException if the selector is broken
	 */
	void await(boolean able) throws IOException {
		this.key.interestOps(able ? SelectionKey.OP_READ : 0);
		boolean failed = this.lent != null && this.lent.awaitConnection(able);
		if ((able && !failed) || this.stopped) {
			this.selector.select(this::note);
		}
		else {
			this.selector.select(this::note, SHORTAGE_PAUSE.toMillis());
			// it has not waited for what is to be tried again
			this.handedOver = true;
			this.acceptable = true;
		}
	}

	private void note(SelectionKey ready) {
		if (ready == this.key) {
			this.handedOver = true;
		}
		else {
			this.acceptable = true;
		}
	}

	/**
	 * Let a thread that waits go on, or else the next one that would wait.
	 */
	void wakeUp() {
		this.selector.wakeup();
	}

	/**
	 * Receive nothing any more. What has been received before is on the scoreboard when
	 * this method returns.
	 */
	void stop() {
		this.receiving.lock();
		try {
			this.stopped = true;
		}
		finally {
			this.receiving.unlock();
		}
		this.selector.wakeup();
	}

	boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Close everything, and tell the master.
	 * @throws IOException if the kernel does not like it
	 */
	void close() throws IOException {
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
