package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket that the master lends to this worker, which accepts from it while
 * the master allows that.
 * <p>
 * The descriptor is a duplicate, which this object owns; closing it leaves the socket
 * open. One thread {@linkplain #borrow borrows} the socket and one accepts and
 * {@linkplain #awaitConnection(boolean) sets what is waited for}; the other methods may
 * be called from any thread.
 */
final class LentSocket {

	private static final Log logger = LogFactory.getLog(LentSocket.class);

	private final Selector selector;

	private volatile @Nullable Borrowed borrowed;

	private volatile boolean allowed;

	/**
	 * Whether {@code accept(2)} has just failed, and would do so again.
	 */
	private boolean failed;

	/**
	 * Create a place for the socket. The master may allow this worker to accept before
	 * the socket is here.
	 * @param selector the selector that will wait for connections
	 */
	LentSocket(Selector selector) {
		this.selector = selector;
	}

	/**
	 * Receive the socket, which is the first descriptor of a handover channel.
	 * @param handover the worker's end of the channel, registered with the selector
	 * @param family the protocol family of the socket
	 * @param timeout how long to wait for it
	 * @throws IOException if it does not come in time
	 */
	void borrow(Socket handover, ProtocolFamily family, Duration timeout) throws IOException {
		long deadline = System.nanoTime() + timeout.toNanos();
		int descriptor = handover.recvFd();
		while (descriptor == 0) {
			long rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
			if (rest <= 0) {
				throw new IOException("The master has not lent its listening socket in time");
			}
			this.selector.select(rest);
			this.selector.selectedKeys().clear();
			descriptor = handover.recvFd();
		}
		if (descriptor < 0) {
			throw new IOException("The master is gone");
		}
		this.borrowed = Borrowed.of(descriptor, family, this.selector);
	}

	/**
	 * Set whether the master allows this worker to accept.
	 * @param allowed whether it does
	 */
	void allow(boolean allowed) {
		this.allowed = allowed;
		this.selector.wakeup();
	}

	/**
	 * Accept the next connection.
	 * @return the connection, which is non-blocking and owned by the caller, or
	 * {@code null} if there is none, this worker may not accept, or {@code accept(2)}
	 * fails
	 */
	@Nullable SocketChannel accept() {
		Borrowed socket = this.borrowed;
		this.failed = false;
		try {
			return (this.allowed && socket != null) ? socket.accept() : null;
		}
		catch (IOException ex) {
			logger.debug("Cannot accept a connection", ex);
			this.failed = true;
			return null;
		}
	}

	/**
	 * Set whether the selector waits for a connection.
	 * @param able whether the caller could take one
	 * @return whether the selector does not wait for one although the caller could,
	 * because accepting has just failed and is to be tried again after a pause
	 */
	boolean awaitConnection(boolean able) {
		Borrowed socket = this.borrowed;
		if (socket != null) {
			socket.key.interestOps((able && this.allowed && !this.failed) ? SelectionKey.OP_ACCEPT : 0);
		}
		return able && this.failed;
	}

	/**
	 * Stop listening, also for other processes. For a worker whose master is gone: the
	 * port is free when the last process that holds the socket has closed it, or, if the
	 * kernel supports that, as soon as this was called.
	 */
	void stopListening() {
		Borrowed socket = this.borrowed;
		if (socket != null) {
			socket.stopListening();
		}
	}

	/**
	 * Close the descriptor. The selector has to select once more before it is gone.
	 * @throws IOException if the descriptor cannot be closed
	 */
	void close() throws IOException {
		Borrowed socket = this.borrowed;
		if (socket != null) {
			socket.close();
		}
	}

	/**
	 * The socket when it is there.
	 *
	 * @param channel the channel that accepts from it
	 * @param socket the same socket, to stop listening, which the channel cannot do; the
	 * channel closes it
	 * @param key the channel's registration
	 */
	private record Borrowed(ServerSocketChannel channel, Socket socket, SelectionKey key) {

		static Borrowed of(int descriptor, ProtocolFamily family, Selector selector) throws IOException {
			ServerSocketChannel channel = SocketChannels.adoptListening(descriptor, family);
			try {
				return new Borrowed(channel, new Socket(descriptor), channel.register(selector, 0));
			}
			catch (IOException ex) {
				channel.close();
				throw ex;
			}
		}

		@Nullable SocketChannel accept() throws IOException {
			SocketChannel connection = this.channel.accept();
			if (connection != null) {
				connection.configureBlocking(false);
			}
			return connection;
		}

		/**
		 * Not while it is being closed: its number may belong to another descriptor by
		 * then.
		 */
		synchronized void stopListening() {
			if (this.channel.isOpen()) {
				try {
					this.socket.shutdown(true, false);
				}
				catch (IOException | NotYetConnectedException ex) {
					logger.debug("The socket listens until this process ends", ex);
				}
			}
		}

		synchronized void close() throws IOException {
			this.channel.close();
		}

	}

}
