package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.DrainableServer;
import io.github.clusterboot.worker.ReleasedConnections;
import org.apache.catalina.Context;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The drain of one of Tomcat's endpoints, which keeps running meanwhile.
 */
final class TomcatDrain implements DrainableServer {

	private static final Duration GOAWAY_INTERVAL = Duration.ofMillis(100);

	private final NioEndpoint endpoint;

	private final ClusterServerSocketChannel serverSocket;

	private final List<Context> contexts;

	private final ReleasedConnections released;

	private final AtomicBoolean sendingGoaways = new AtomicBoolean();

	private long goawaysSent;

	private volatile boolean draining;

	TomcatDrain(NioEndpoint endpoint, ClusterServerSocketChannel serverSocket, List<Context> contexts) {
		this.contexts = contexts;
		this.endpoint = endpoint;
		this.serverSocket = serverSocket;
		this.released = new ReleasedConnections(serverSocket);
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
	 * Make HTTP/2 connections send {@code GOAWAY}, as Tomcat's own pause does. It skips
	 * processors that are at work, so it has to be repeated; and it blocks if a client
	 * does not read, so another thread does it.
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
			// before anything is released: the master may not accept it
			this.serverSocket.openHandBack();
			this.released.release(connections,
					(connection) -> ReleasableNioChannel.release((NioSocketWrapper) connection));
		}
	}

	@Override
	public int handBackReleased() throws IOException {
		return this.released.handBack();
	}

	@Override
	public void closeIdle(Duration idleFor) {
		this.released.closeAll();
		IdleConnections.close(this.endpoint.getConnections(), idleFor);
		if (idleFor.isZero()) {
			this.contexts.forEach(WebSockets::goAway);
		}
	}

	/**
	 * Close the released connections, and release no more. May be called from any thread.
	 */
	void close() {
		this.released.close();
	}

}
