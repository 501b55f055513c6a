package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Waits for connections of an {@link Intake}, and remembers at which of its sources it
 * has seen some.
 * <p>
 * Owns the selector. One thread at a time uses an object of this type, but any thread may
 * wake it up.
 */
final class Arrivals {

	/**
	 * How long to leave connections alone if there is no descriptor for them.
	 */
	private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(100);

	/**
	 * After how many accepted connections to look for one that was handed over: a lent
	 * socket may never be empty.
	 */
	private static final int ACCEPTED_PER_LOOK = 32;

	private final Selector selector;

	private final SelectionKey handover;

	private boolean handedOver;

	private boolean acceptable;

	private int acceptedSinceLook;

	/**
	 * Create an object that has seen nothing.
	 * @param handover the handover channel, non-blocking
	 * @throws IOException if there is no descriptor for a selector
	 */
	Arrivals(SocketChannel handover) throws IOException {
		this.selector = Selector.open();
		this.handover = handover.register(this.selector, SelectionKey.OP_READ);
	}

	/**
	 * Return the selector, with which the lent socket is registered.
	 * @return the selector
	 */
	Selector selector() {
		return this.selector;
	}

	boolean hasSeen() {
		return this.handedOver || this.acceptable;
	}

	boolean hasSeenHandedOver() {
		return this.handedOver;
	}

	boolean hasSeenAcceptable() {
		return this.acceptable;
	}

	/**
	 * Note an attempt to receive a connection from the handover channel.
	 * @param connection whether there was one
	 */
	void received(boolean connection) {
		this.handedOver = connection;
	}

	/**
	 * Note an attempt to accept a connection from the lent socket.
	 * @param connection whether there was one
	 */
	void accepted(boolean connection) {
		this.acceptable = connection;
		if (connection) {
			this.acceptedSinceLook = (this.acceptedSinceLook + 1) % ACCEPTED_PER_LOOK;
			this.handedOver = this.acceptedSinceLook == 0;
		}
	}

	/**
	 * Wait for a connection.
	 * @param handover whether to wait for one that is handed over as well
	 * @throws IOException if the selector is broken
	 */
	void await(boolean handover) throws IOException {
		waitFor(handover);
		this.selector.select(this::note);
	}

	/**
	 * Wait until a shortage may be over. Both sources have to be tried then.
	 * @param handover whether to wait for a connection that is handed over as well
	 * @throws IOException if the selector is broken
	 */
	void pause(boolean handover) throws IOException {
		waitFor(handover);
		this.selector.select(this::note, SHORTAGE_PAUSE.toMillis());
		// the selector has not waited for what has to be tried again
		this.handedOver = true;
		this.acceptable = true;
	}

	private void waitFor(boolean handover) {
		this.handover.interestOps(handover ? SelectionKey.OP_READ : 0);
	}

	private void note(SelectionKey ready) {
		if (ready == this.handover) {
			this.handedOver = true;
		}
		else {
			this.acceptable = true;
		}
	}

	/**
	 * Make a thread that waits go on, or else the next one that would wait. May be called
	 * from any thread.
	 */
	void wakeUp() {
		this.selector.wakeup();
	}

	/**
	 * Deregister the handover channel, and the lent socket if it is closed.
	 * @throws IOException if the selector is broken
	 */
	void forget() throws IOException {
		this.handover.cancel();
		this.selector.selectNow();
	}

	/**
	 * Close the selector.
	 * @throws IOException if its descriptors cannot be closed
	 */
	void close() throws IOException {
		this.selector.close();
	}

}
