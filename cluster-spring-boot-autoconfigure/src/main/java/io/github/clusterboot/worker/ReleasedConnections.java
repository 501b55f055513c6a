package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The connections that a server has released and that have not been handed back to the
 * master yet. They are owned by this object, and already count as closed. All methods may
 * be called from any thread; only {@link #handBack} blocks for long.
 */
public final class ReleasedConnections {

	/**
	 * How many connections at most are released at a time, so that few are served by
	 * neither the server nor another worker.
	 */
	private static final int BATCH = 256;

	/**
	 * How long to wait for selectors to deregister connections. Those that are still
	 * registered by then are left for the next time.
	 */
	private static final Duration DEREGISTRATION_TIME = Duration.ofMillis(100);

	private static final Duration DEREGISTRATION_PAUSE = Duration.ofNanos(50_000);

	private final ClusterServerSocketChannel serverSocket;

	/**
	 * Held while connections are released, handed back or closed.
	 */
	private final ReentrantLock releasing = new ReentrantLock();

	private final Deque<SocketChannel> released = new ArrayDeque<>();

	private boolean closed;

	/**
	 * Create a place for the connections of a server.
	 * @param serverSocket the channel that the server accepts from
	 */
	public ReleasedConnections(ClusterServerSocketChannel serverSocket) {
		this.serverSocket = serverSocket;
	}

	/**
	 * Make a server release connections, unless some that it has released before are
	 * still here. {@link ClusterServerSocketChannel#openHandBack()} has to be called
	 * first, since the master may not accept any.
	 * @param connections the server's connections
	 * @param release makes the server release one, and wakes the selector that has to
	 * deregister it; returns {@code null} if the connection is not idle
	 * @param <T> the server's type of connection
	 */
	public <T> void release(Collection<T> connections, Function<T, @Nullable SocketChannel> release) {
		this.releasing.lock();
		try {
			if (!this.closed && this.released.isEmpty()) {
				for (T connection : connections) {
					SocketChannel socket = release.apply(connection);
					if (socket != null) {
						this.released.add(socket);
					}
					if (this.released.size() == BATCH) {
						break;
					}
				}
				awaitDeregistration();
			}
		}
		finally {
			this.releasing.unlock();
		}
	}

	/**
	 * A cancelled key is removed in the next selection of its selector.
	 */
	private void awaitDeregistration() {
		long start = System.nanoTime();
		while (this.released.stream().anyMatch(SocketChannel::isRegistered)
				&& System.nanoTime() - start < DEREGISTRATION_TIME.toNanos()) {
			LockSupport.parkNanos(DEREGISTRATION_PAUSE.toNanos());
		}
	}

	/**
	 * Hand the connections back to the master. Blocks until it is ready for them, for at
	 * most a second.
	 * @return how many are left, for the next time
	 * @throws IOException if the master does not accept them; those that are left are
	 * handed back the next time
	 */
	public int handBack() throws IOException {
		if (count() > 0) {
			// the channel may have broken since the connections were released
			this.serverSocket.openHandBack();
			handBackDeregistered();
		}
		return count();
	}

	private void handBackDeregistered() throws IOException {
		this.releasing.lock();
		try {
			for (int i = this.released.size(); i > 0; i--) {
				SocketChannel socket = this.released.getFirst();
				boolean handedBack = !socket.isRegistered() && this.serverSocket.handBack(socket);
				this.released.removeFirst();
				if (!handedBack) {
					this.released.addLast(socket);
				}
			}
		}
		finally {
			this.releasing.unlock();
		}
	}

	private int count() {
		this.releasing.lock();
		try {
			return this.released.size();
		}
		finally {
			this.releasing.unlock();
		}
	}

	/**
	 * Close the connections, since no worker can go on with them.
	 */
	public void closeAll() {
		this.releasing.lock();
		try {
			this.released.forEach(ReleasedConnections::close);
			this.released.clear();
		}
		finally {
			this.releasing.unlock();
		}
	}

	private static void close(SocketChannel released) {
		try {
			released.close();
		}
		catch (IOException ex) {
			// it is closed nevertheless
		}
	}

	/**
	 * Close the connections, and release no more of them.
	 */
	public void close() {
		this.releasing.lock();
		try {
			this.closed = true;
			closeAll();
		}
		finally {
			this.releasing.unlock();
		}
	}

}
