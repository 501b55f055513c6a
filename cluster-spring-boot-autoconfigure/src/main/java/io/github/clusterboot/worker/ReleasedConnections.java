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
 * The connections that a server has let go of and that the master has not got yet. They
 * are owned by this object, and count as closed already. All methods may be called from
 * any thread; none but {@link #handBack} blocks for long.
 */
public final class ReleasedConnections {

	/**
	 * No more than this many connections are neither the server's nor the master's.
	 */
	private static final int BATCH = 256;

	/**
	 * How long to wait for selectors to forget connections. What they have not forgotten
	 * by then is left for the next time.
	 */
	private static final Duration DEREGISTRATION_TIME = Duration.ofMillis(100);

	private static final Duration DEREGISTRATION_PAUSE = Duration.ofNanos(50_000);

	private final ClusterServerSocketChannel serverSocket;

	/**
	 * Held while connections are let go of, handed back or closed.
	 */
	private final ReentrantLock releasing = new ReentrantLock();

	private final Deque<SocketChannel> released = new ArrayDeque<>();

	private boolean closed;

	/**
	 * Create a place for the connections of a server.
	 * @param serverSocket what the server has accepted them from
	 */
	public ReleasedConnections(ClusterServerSocketChannel serverSocket) {
		this.serverSocket = serverSocket;
	}

	/**
	 * Let a server let go of connections, unless the master has not got yet what was let
	 * go of before. {@link ClusterServerSocketChannel#openHandBack()} comes first, since
	 * the master may not take any.
	 * @param connections the server's connections
	 * @param release makes the server let go of one, and wakes the selector that has to
	 * forget it; returns {@code null} where the connection is not idle
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
	 * A cancelled key is removed in the selector's next selection.
	 */
	private void awaitDeregistration() {
		long start = System.nanoTime();
		while (this.released.stream().anyMatch(SocketChannel::isRegistered)
				&& System.nanoTime() - start < DEREGISTRATION_TIME.toNanos()) {
			LockSupport.parkNanos(DEREGISTRATION_PAUSE.toNanos());
		}
	}

	/**
	 * Give the connections to the master. Blocks until it is ready for them, for a second
	 * at the most.
	 * @return how many the master has not got yet
	 * @throws IOException if the master does not take them; then all that it has not got
	 * are left for the next time
	 */
	public int handBack() throws IOException {
		if (count() > 0) {
			// what was let go of is not lost with a broken way to the master
			this.serverSocket.openHandBack();
			handBackWhatIsForgotten();
		}
		return count();
	}

	private void handBackWhatIsForgotten() throws IOException {
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
	 * Close the connections, since nobody can go on with them any more.
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
			// it is closed all the same
		}
	}

	/**
	 * Close the connections, and let go of none any more.
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
