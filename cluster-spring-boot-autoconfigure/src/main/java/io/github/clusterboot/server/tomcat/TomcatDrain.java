package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.DrainableServer;
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

	private static final Duration PAUSE_INTERVAL = Duration.ofMillis(100);

	private final NioEndpoint endpoint;

	private final ClusterServerSocketChannel serverSocket;

	private final Deque<SocketChannel> released = new ArrayDeque<>();

	private final AtomicBoolean pausing = new AtomicBoolean();

	private long pausedAt;

	private volatile boolean draining;

	TomcatDrain(NioEndpoint endpoint, ClusterServerSocketChannel serverSocket) {
		this.endpoint = endpoint;
		this.serverSocket = serverSocket;
	}

	boolean isDraining() {
		return this.draining;
	}

	@Override
	public void drain() {
		if (!this.draining || System.nanoTime() - this.pausedAt >= PAUSE_INTERVAL.toNanos()) {
			this.draining = true;
			this.pausedAt = System.nanoTime();
			pauseProcessors();
		}
	}

	/**
	 * Let HTTP/2 connections send {@code GOAWAY}, as Tomcat's own pause does. A processor
	 * that is at work is not asked, so this has to be done again; and it blocks where a
	 * client does not read, so another thread does it.
	 */
	private void pauseProcessors() {
		Executor executor = this.endpoint.getExecutor();
		if (executor != null && this.pausing.compareAndSet(false, true)) {
			try {
				executor.execute(() -> {
					try {
						this.endpoint.getHandler().pause();
					}
					finally {
						this.pausing.set(false);
					}
				});
			}
			catch (RejectedExecutionException ex) {
				this.pausing.set(false);
			}
		}
	}

	@Override
	public int handBackIdle() throws IOException {
		// before anything is released
		this.serverSocket.openHandBack();
		if (this.released.isEmpty()) {
			releaseIdle();
		}
		try {
			handBackReleased();
		}
		catch (IOException ex) {
			closeReleased();
			throw ex;
		}
		return this.released.size();
	}

	private void releaseIdle() {
		Selector selector = null;
		for (SocketWrapperBase<NioChannel> connection : this.endpoint.getConnections()) {
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

	private void handBackReleased() throws IOException {
		for (int i = this.released.size(); i > 0; i--) {
			SocketChannel socket = this.released.removeFirst();
			if (socket.isRegistered() || !handBack(socket)) {
				this.released.addLast(socket);
			}
		}
	}

	private boolean handBack(SocketChannel socket) throws IOException {
		try {
			return this.serverSocket.handBack(socket);
		}
		catch (IOException ex) {
			this.released.addLast(socket);
			throw ex;
		}
	}

	/**
	 * Nobody can go on with these connections any more.
	 */
	private void closeReleased() {
		for (SocketChannel socket = this.released.poll(); socket != null; socket = this.released.poll()) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// it is closed all the same
			}
		}
	}

	@Override
	public void closeIdle() {
		closeReleased();
		IdleConnections.close(this.endpoint.getConnections());
	}

}
