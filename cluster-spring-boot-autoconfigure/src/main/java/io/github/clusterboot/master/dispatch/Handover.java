package io.github.clusterboot.master.dispatch;

import java.io.IOException;

import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.loop.TimeSource;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.SocketSharing;
import io.github.clusterboot.os.Descriptors;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The way of the connections of one listener to one worker. The kernel holds the queue.
 * <p>
 * The master owns both ends: the one that it sends to, and a duplicate of the one that
 * the worker receives from, so that it can take back what the worker has not taken.
 * Whoever receives a descriptor first has it. Used on the event loop only.
 */
public final class Handover {

	/**
	 * How many connections may wait for one worker. Small, so that few wait if one is
	 * slow; large enough that a worker finds the next one without waiting for the master.
	 */
	public static final int WINDOW = 32;

	private final Receiver receiver;

	private final Listener listener;

	private final DomainSocketChannel channel;

	private final Socket sending;

	private final Socket receiving;

	private final ScoreboardSlot slot;

	private final TimeSource time;

	private final StallDetector stall;

	private final SentCopies copies = new SentCopies(NativeTransport.current().losesWhatIsClosedInFlight());

	private final DecayingCount recentlySent = new DecayingCount();

	private final long acceptedBefore;

	private @Nullable ListeningSocket lent;

	private boolean accepting;

	private long sent;

	private boolean refused;

	private boolean passedOver;

	/**
	 * Create a handover, which owns its descriptors from then on.
	 * @param receiver the worker that receives
	 * @param listener the listener that the connections come from
	 * @param channel the master's end of the channel
	 * @param receiving a duplicate of the worker's end of the channel
	 */
	public Handover(Receiver receiver, Listener listener, DomainSocketChannel channel, Socket receiving) {
		this.receiver = receiver;
		this.listener = listener;
		this.channel = channel;
		this.sending = new Socket(channel.fd().intValue());
		this.receiving = receiving;
		this.slot = receiver.slot();
		this.acceptedBefore = this.slot.connectionsAccepted(listener.ordinal());
		this.sent = taken();
		this.time = listener.time();
		this.stall = new StallDetector(this.time, this.slot, listener.ordinal());
	}

	Receiver receiver() {
		return this.receiver;
	}

	public Listener listener() {
		return this.listener;
	}

	boolean hasRoom() {
		return isServed() && !this.passedOver && waiting() < WINDOW;
	}

	/**
	 * Return whether the worker serves what it is sent.
	 * @return whether it is ready and takes its connections
	 */
	boolean isServed() {
		// Netty closes the descriptor before it tells of the end of the stream: its
		// number may be that of an accepted connection by then
		return this.channel.isOpen() && this.receiver.isReady() && !this.stall.isStalled();
	}

	/**
	 * Return how many connections the worker has: those that are open, from all
	 * listeners, and those that wait for it here.
	 * @return the number
	 */
	public long connections() {
		// in this order: one that is taken meanwhile must not count twice
		return this.slot.connectionsOpen() + waiting();
	}

	/**
	 * Return how many connections the worker has been sent and has not taken.
	 * @return the number
	 */
	public long waiting() {
		return Math.max(0, this.sent - taken());
	}

	private long taken() {
		return this.slot.connectionsTaken(this.listener.ordinal());
	}

	/**
	 * Return how many connections the worker has accepted itself.
	 * @return the number
	 */
	public long accepted() {
		return this.slot.connectionsAccepted(this.listener.ordinal()) - this.acceptedBefore;
	}

	/**
	 * Lend the worker a socket, from which it accepts when it is let.
	 * @param socket the socket; the worker gets a duplicate of it
	 * @throws IOException if the channel is broken or the kernel short of something
	 */
	void lend(ListeningSocket socket) throws IOException {
		if (!Descriptors.send(socket.intValue(), this.sending)) {
			throw new IOException("The " + this + " does not take the listening socket");
		}
		this.lent = socket;
	}

	/**
	 * Have the worker accept itself if it serves, and not otherwise.
	 * @return the socket that it accepts from, or {@code null} if it does not
	 */
	@Nullable ListeningSocket updateAccepting() {
		boolean accept = this.lent != null && isServed();
		if (accept != this.accepting && this.receiver.send(new Message.Accepting(this.listener.name(), accept))) {
			this.accepting = accept;
			this.stall.begin();
		}
		return accept ? this.lent : null;
	}

	/**
	 * Send a connection to the worker.
	 * @param connection the connection, owned by the caller only if it was not sent
	 * @return {@code false} if the kernel's queue is full
	 * @throws IOException if the channel is broken
	 */
	public boolean send(FileDescriptor connection) throws IOException {
		// what may throw comes first: a connection that has been sent is no longer the
		// caller's
		long waiting = waiting();
		if (!Descriptors.send(connection.intValue(), this.sending)) {
			return false;
		}
		if (waiting == 0) {
			this.stall.begin();
		}
		this.recentlySent.increment(this.time.nanoTime());
		this.sent++;
		this.refused = false;
		this.copies.add(connection, waiting + 1);
		return true;
	}

	/**
	 * The kernel refuses what is sent, though the worker lives: there is no room until
	 * {@link #tryAgain()}.
	 * @return whether it did not the last time
	 */
	boolean passOver() {
		boolean first = !this.refused;
		this.refused = true;
		this.passedOver = true;
		return first;
	}

	/**
	 * Return whether the kernel has refused to have the worker sent a connection, and
	 * that is not tried again yet.
	 * @return whether others have to take the connections
	 */
	boolean isPassedOver() {
		return this.passedOver;
	}

	/**
	 * Pass the worker over no longer.
	 * @return whether it was passed over
	 */
	boolean tryAgain() {
		boolean before = this.passedOver;
		this.passedOver = false;
		return before;
	}

	/**
	 * Return how many connections the worker has been sent recently: each counts the less
	 * the longer ago it was.
	 * @return the number
	 */
	double recentlySent() {
		return this.recentlySent.get(this.time.nanoTime());
	}

	/**
	 * Take back a connection that the worker has not taken.
	 * @return the connection, owned by the caller, or {@code null} if there is none
	 * @throws IOException if the channel is broken
	 */
	@Nullable FileDescriptor takeBack() throws IOException {
		int fd = this.receiving.recvFd();
		if (fd <= 0) {
			return null;
		}
		FileDescriptor received = new FileDescriptor(fd);
		if (isLentSocket(received)) {
			// the worker has not got what it was lent
			received.close();
			return takeBack();
		}
		this.sent--;
		Steps.take("close the copies of what " + this.receiver + " has taken",
				() -> this.copies.closeAllBut(waiting()));
		return received;
	}

	private boolean isLentSocket(FileDescriptor received) throws IOException {
		try {
			return this.lent != null && ListeningSocket.isListening(received.intValue());
		}
		catch (IOException ex) {
			received.close();
			throw ex;
		}
	}

	/**
	 * Look whether the worker still takes what waits for it.
	 * @return whether what waits should be taken back
	 */
	boolean isStalling() {
		this.copies.closeAllBut(waiting());
		if (this.stall.hasMoved() || (waiting() == 0 && queued() == 0)) {
			this.stall.begin();
			return false;
		}
		return this.stall.isStalling();
	}

	/**
	 * Return how many connections only this worker can accept.
	 */
	private int queued() {
		return (this.accepting && this.lent != null && this.listener.sharing() == SocketSharing.ALONE)
				? this.lent.queued() : 0;
	}

	/**
	 * Look whether a worker that had stalled runs again and has room.
	 * @return whether it has just recovered
	 */
	boolean isRecovering() {
		return this.stall.isRecovering();
	}

	/**
	 * Close both ends. May be called again.
	 * @throws IOException if a descriptor cannot be closed
	 */
	public void close() throws IOException {
		this.channel.close();
		this.receiving.close();
		this.copies.closeAllBut(0);
	}

	@Override
	public String toString() {
		return "handover from '" + this.listener.name() + "' to " + this.receiver;
	}

}
