package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket that the master lends to this worker.
 * <p>
 * The descriptor is a duplicate, which this object owns; closing it leaves the socket
 * open. One thread accepts and {@linkplain #awaitConnection(boolean) sets what is waited
 * for}; the other methods may be called from any thread.
 */
final class LentSocket {

	private final ServerSocketChannel channel;

	private final Socket socket;

	private final SelectionKey key;

	private LentSocket(ServerSocketChannel channel, int descriptor, Selector selector) throws IOException {
		this.channel = channel;
		this.socket = new Socket(descriptor);
		this.key = channel.register(selector, 0);
	}

	/**
	 * Make use of a listening socket.
	 * @param descriptor the descriptor, owned by the returned object
	 * @param family the protocol family of the socket
	 * @param selector the selector that will wait for connections
	 * @return the socket
	 * @throws IOException if the socket cannot be used
	 */
	static LentSocket adopt(int descriptor, ProtocolFamily family, Selector selector) throws IOException {
		ServerSocketChannel channel = SocketChannels.adoptListening(descriptor, family);
		try {
			return new LentSocket(channel, descriptor, selector);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Accept the next connection.
	 * @return the connection, which is non-blocking and owned by the caller, or
	 * {@code null} if there is none
	 * @throws IOException if {@code accept(2)} fails
	 */
	@Nullable SocketChannel accept() throws IOException {
		SocketChannel connection = this.channel.accept();
		if (connection != null) {
			connection.configureBlocking(false);
		}
		return connection;
	}

	/**
	 * Let the selector wait for a connection, or not.
	 * @param wanted whether one would be accepted
	 */
	void awaitConnection(boolean wanted) {
		this.key.interestOps(wanted ? SelectionKey.OP_ACCEPT : 0);
	}

	/**
	 * Let nobody listen any more. For a worker whose master is gone: the port is free
	 * when the last process that holds the socket has let go of it, or this was called.
	 */
	synchronized void stopListening() throws IOException {
		if (this.channel.isOpen()) {
			this.socket.shutdown(true, false);
		}
	}

	/**
	 * Close the descriptor. The selector has to select once more before it is gone.
	 * @throws IOException if the kernel does not like it
	 */
	synchronized void close() throws IOException {
		this.channel.close();
	}

}
