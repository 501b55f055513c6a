package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The source of a listener's connections: the worker's end of a handover channel and, if
 * the master lends it, the listening socket.
 * <p>
 * Owns the channel, the lent socket, and what waits for both. One thread at a time opens,
 * receives, waits and closes; the other methods may be called from any thread.
 */
final class Intake {

	private final Message.Listening listening;

	private final ScoreboardSlot figures;

	private final SocketChannel channel;

	private final Socket socket;

	private final HandoverSocket handover;

	private final Arrivals arrivals;

	/**
	 * Held while a connection is received, which never blocks.
	 */
	private final ReentrantLock receiving = new ReentrantLock();

	private final @Nullable LentSocket lent;

	private volatile boolean stopped;

	/**
	 * Create an intake.
	 * @param channel the handover channel, non-blocking
	 * @param listening the listener as the master describes it
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
		this.arrivals = new Arrivals(channel);
		this.lent = listening.lent() ? new LentSocket(this.arrivals.selector()) : null;
	}

	/**
	 * Share the channel with the master, so that it can take back what waits there, and
	 * borrow the listening socket if it is lent.
	 * @param timeout how long to wait for the socket
	 * @throws IOException if the master does not accept the one or give the other
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
	 * Close an intake that could not be opened.
	 * @throws IOException if a descriptor cannot be closed
	 */
	void abandon() throws IOException {
		// before the channel: its descriptor is closed once no selector has it
		this.arrivals.close();
		// the master may hold this end open
		this.channel.shutdownOutput();
		this.channel.close();
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	/**
	 * Return the listening socket that the master lends to this worker.
	 * @return the socket, or {@code null} if the master accepts itself
	 */
	@Nullable LentSocket lent() {
		return this.lent;
	}

	/**
	 * Return whether {@link #await(boolean)} has seen a connection that may still be
	 * there.
	 * @return whether it is worthwhile to receive
	 */
	boolean hasSeen() {
		return this.arrivals.hasSeen();
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
	 * Each source is asked for a connection only if one has been seen there: while all
	 * come from the other, it has none.
	 */
	private @Nullable SocketChannel receiveOrAccept() throws IOException {
		SocketChannel connection = this.arrivals.hasSeenHandedOver() ? receiveHandedOver() : null;
		return (connection == null && this.arrivals.hasSeenAcceptable()) ? accept() : connection;
	}

	private @Nullable SocketChannel receiveHandedOver() throws IOException {
		SocketChannel connection = this.handover.receive();
		this.arrivals.received(connection != null);
		if (this.handover.isEnded()) {
			// the link notices this, too: nothing more comes from here
			stop();
		}
		return connection;
	}

	private @Nullable SocketChannel accept() {
		SocketChannel connection = (this.lent != null) ? this.lent.accept() : null;
		this.arrivals.accepted(connection != null);
		if (connection != null) {
			this.figures.connectionAccepted(this.listening.ordinal());
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
		boolean failed = this.lent != null && this.lent.awaitConnection(able);
		if (this.stopped || (able && !failed)) {
			this.arrivals.await(able);
		}
		else {
			this.arrivals.pause(able);
		}
	}

	/**
	 * Make a thread that waits go on, or else the next one that would wait.
	 */
	void wakeUp() {
		this.arrivals.wakeUp();
	}

	/**
	 * Stop receiving. What was received before is on the scoreboard when this method
	 * returns.
	 */
	void stop() {
		this.receiving.lock();
		try {
			this.stopped = true;
		}
		finally {
			this.receiving.unlock();
		}
		this.arrivals.wakeUp();
	}

	boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Close everything, and tell the master.
	 * @throws IOException if a descriptor cannot be closed
	 */
	void close() throws IOException {
		// the master holds this end open: only the end of the stream tells it
		this.channel.shutdownOutput();
		if (this.lent != null) {
			this.lent.close();
		}
		this.arrivals.forget();
		this.channel.close();
		this.arrivals.close();
	}

}
