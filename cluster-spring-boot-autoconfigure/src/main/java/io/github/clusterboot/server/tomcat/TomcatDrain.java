package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.DrainableServer;
import org.apache.catalina.Context;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The drain of one of Tomcat's endpoints, which is not paused meanwhile.
 */
final class TomcatDrain implements DrainableServer {

	/**
	 * No more than this many connections are neither Tomcat's nor the master's.
	 */
	private static final int BATCH = 256;

	/**
	 * How long to wait for Tomcat's poller to forget connections. What it has not
	 * forgotten by then is left for the next time.
	 */
	private static final Duration DEREGISTRATION_TIME = Duration.ofMillis(100);

	private static final Duration DEREGISTRATION_PAUSE = Duration.ofNanos(50_000);

	private static final Duration GOAWAY_INTERVAL = Duration.ofMillis(100);

	private final NioEndpoint endpoint;

	private final ClusterServerSocketChannel serverSocket;

	private final List<Context> contexts;

	/**
	 * Held while connections are let go of, handed back or closed.
	 */
	private final ReentrantLock releasing = new ReentrantLock();

	private final Deque<SocketChannel> released = new ArrayDeque<>();

	private boolean closed;

	private final AtomicBoolean sendingGoaways = new AtomicBoolean();

	private long goawaysSent;

	private volatile boolean draining;

	TomcatDrain(NioEndpoint endpoint, ClusterServerSocketChannel serverSocket, List<Context> contexts) {
		this.contexts = contexts;
		this.endpoint = endpoint;
		this.serverSocket = serverSocket;
	}

	boolean isDraining() {
		return this.draining;
	}

	@Override
	public void endWithNextAnswer() {
		if (!this.draining || System.nanoTime() - this.goawaysSent >= GOAWAY_INTERVAL.toNanos()) {
			this.draining = true;
			this.goawaysSent = System.nanoTime();
			sendGoaways();
		}
	}

	/**
	 * Let HTTP/2 connections send {@code GOAWAY}, as Tomcat's own pause does. A processor
	 * that is at work is not asked, so this has to be done again; and it blocks where a
	 * client does not read, so another thread does it.
	 */
	private void sendGoaways() {
		Executor executor = this.endpoint.getExecutor();
		if (executor != null && this.sendingGoaways.compareAndSet(false, true)) {
			try {
				executor.execute(() -> {
					try {
						this.endpoint.getHandler().pause();
					}
					finally {
						this.sendingGoaways.set(false);
					}
				});
			}
			catch (RejectedExecutionException ex) {
				this.sendingGoaways.set(false);
			}
		}
	}

	@Override
	public void releaseIdle() throws IOException {
		Collection<SocketWrapperBase<NioChannel>> connections = this.endpoint.getConnections();
		if (connections.stream().anyMatch(ReleasableNioChannel::isReleasable)) {
			// before anything is released: the master may not take it
			this.serverSocket.openHandBack();
			releaseIdle(connections);
		}
	}

	private void releaseIdle(Collection<SocketWrapperBase<NioChannel>> connections) {
		this.releasing.lock();
		try {
			if (!this.closed && this.released.isEmpty()) {
				releaseSome(connections);
			}
		}
		finally {
			this.releasing.unlock();
		}
	}

	private void releaseSome(Collection<SocketWrapperBase<NioChannel>> connections) {
		Selector selector = null;
		for (SocketWrapperBase<NioChannel> connection : connections) {
			NioSocketWrapper wrapper = (NioSocketWrapper) connection;
			SocketChannel socket = ReleasableNioChannel.release(wrapper);
			if (socket != null) {
				this.released.add(socket);
				selector = wrapper.getPoller().getSelector();
				if (this.released.size() == BATCH) {
					break;
				}
			}
		}
		if (selector != null) {
			awaitDeregistration(selector);
		}
	}

	/**
	 * A cancelled key is removed in the selector's next selection.
	 */
	private void awaitDeregistration(Selector selector) {
		long start = System.nanoTime();
		selector.wakeup();
		while (this.released.stream().anyMatch(SocketChannel::isRegistered)
				&& System.nanoTime() - start < DEREGISTRATION_TIME.toNanos()) {
			LockSupport.parkNanos(DEREGISTRATION_PAUSE.toNanos());
		}
	}

	@Override
	public int handBackReleased() throws IOException {
		if (countReleased() > 0) {
			// what was let go of is not lost with a broken way to the master
			this.serverSocket.openHandBack();
			handBackWhatIsForgotten();
		}
		return countReleased();
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

	private int countReleased() {
		this.releasing.lock();
		try {
			return this.released.size();
		}
		finally {
			this.releasing.unlock();
		}
	}

	/**
	 * Nobody can go on with these connections any more.
	 */
	private void closeReleased() {
		this.releasing.lock();
		try {
			this.released.forEach(TomcatDrain::close);
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

	@Override
	public void closeIdle(Duration idleFor) {
		closeReleased();
		IdleConnections.close(this.endpoint.getConnections(), idleFor);
		if (idleFor.isZero()) {
			this.contexts.forEach(WebSockets::goAway);
		}
	}

	/**
	 * Close what the server has let go of, and let go of nothing any more. May be called
	 * from any thread.
	 */
	void close() {
		this.releasing.lock();
		try {
			this.closed = true;
			closeReleased();
		}
		finally {
			this.releasing.unlock();
		}
	}

}
