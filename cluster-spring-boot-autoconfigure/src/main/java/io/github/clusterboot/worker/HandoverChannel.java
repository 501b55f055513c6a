package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of a handover channel, from which it takes connections. If the master
 * lends its listening socket, connections are also accepted from that.
 * <p>
 * A connection is taken when the server asks for one, not before: what has not been taken
 * stays in the kernel's queue, from which the master can take it back. One thread takes
 * at a time; others wait for it.
 */
final class HandoverChannel {

	/**
	 * A master that starts many workers at once is slow to answer.
	 */
	private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(30);

	private final String listener;

	private final Message.Listening listening;

	private final ScoreboardSlot figures;

	private final HandoverChannels siblings;

	private final Intake intake;

	private final DescriptorBudget budget = new DescriptorBudget();

	private final ReentrantLock taking = new ReentrantLock();

	private volatile boolean wokenUp;

	private volatile boolean closed;

	private HandoverChannel(String listener, Message.Listening listening, ScoreboardSlot figures,
			HandoverChannels siblings, Intake intake) {
		this.listener = listener;
		this.listening = listening;
		this.figures = figures;
		this.siblings = siblings;
		this.intake = intake;
	}

	/**
	 * Open a channel.
	 * @param directory the master's run directory
	 * @param identity which worker this process is
	 * @param listener the name of the listener
	 * @param listening the listener as the master describes it
	 * @param scoreboard the scoreboard
	 * @param siblings the worker's open channels
	 * @return the channel, owned by the caller
	 * @throws BindException if there already is an open channel for the same listener
	 * @throws IOException if the master does not accept it
	 */
	static HandoverChannel open(RunDirectory directory, WorkerIdentity identity, String listener,
			Message.Listening listening, Scoreboard scoreboard, HandoverChannels siblings) throws IOException {
		// it is non-blocking before the master holds this end as well
		SocketChannel channel = ChannelOpener.open(directory,
				new Message.OpenHandover(Message.PROTOCOL, identity.id(), listener), Message.HandoverOpened.class,
				OPEN_TIMEOUT);
		try {
			ScoreboardSlot figures = scoreboard.slot(identity.index());
			HandoverChannel handover = new HandoverChannel(listener, listening, figures, siblings,
					new Intake(channel, listening, scoreboard, figures));
			handover.open();
			return handover;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private void open() throws IOException {
		// first: the master may allow it to accept as soon as it is shared
		if (!this.siblings.add(this)) {
			this.intake.abandon();
			throw new BindException("This worker already listens on '" + this.listener + "'");
		}
		try {
			this.intake.open(OPEN_TIMEOUT);
		}
		catch (IOException ex) {
			this.siblings.remove(this);
			this.intake.abandon();
			throw ex;
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
	 * @throws IOException if this channel is broken, or a connection could not be used;
	 * the caller has nothing to close or to count
	 */
	@Nullable SocketChannel take() throws IOException {
		this.taking.lock();
		try {
			return takeNext();
		}
		finally {
			this.figures.taking(ordinal(), false);
			this.taking.unlock();
		}
	}

	private @Nullable SocketChannel takeNext() throws IOException {
		while (!this.closed) {
			boolean able = !this.intake.isStopped() && (!this.intake.hasSeen() || this.budget.isAvailable());
			this.figures.taking(ordinal(), able);
			SocketChannel connection = able ? this.intake.receive() : null;
			if (connection != null) {
				return connection;
			}
			this.intake.await(able);
			if (this.wokenUp || Thread.interrupted()) {
				this.wokenUp = false;
				return null;
			}
		}
		throw new ClosedChannelException();
	}

	/**
	 * Make a thread that waits for a connection return without one. If none waits, the
	 * next one returns at once.
	 */
	void wakeUp() {
		this.wokenUp = true;
		this.intake.wakeUp();
	}

	/**
	 * Stop taking connections. Threads that wait for one keep waiting. What was taken
	 * before is on the scoreboard when this method returns.
	 */
	void stopTaking() {
		this.intake.stop();
	}

	/**
	 * Return the listening socket that the master lends to this worker.
	 * @return the socket, or {@code null} if the master accepts itself
	 */
	@Nullable LentSocket lent() {
		return this.intake.lent();
	}

	/**
	 * Close the channel. A thread that waits for a connection gets a
	 * {@link ClosedChannelException}. May be called again.
	 * @throws IOException if a descriptor cannot be closed
	 */
	void close() throws IOException {
		this.closed = true;
		this.intake.wakeUp();
		this.taking.lock();
		try {
			if (this.intake.isOpen()) {
				this.siblings.remove(this);
				this.intake.close();
			}
		}
		finally {
			this.taking.unlock();
		}
	}

}
