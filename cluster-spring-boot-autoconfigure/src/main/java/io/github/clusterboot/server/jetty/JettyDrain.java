package io.github.clusterboot.server.jetty;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.DrainableServer;
import io.github.clusterboot.worker.ReleasedConnections;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The drain of one of Jetty's connectors, which keeps running meanwhile.
 */
final class JettyDrain implements DrainableServer {

	private static final boolean HTTP2_PRESENT = ClassUtils.isPresent("org.eclipse.jetty.http2.HTTP2Connection",
			JettyDrain.class.getClassLoader());

	/**
	 * How long a client may take to close after its last answer. Jetty would wait for the
	 * whole idle timeout.
	 */
	private static final Duration CLOSE_TIME = Duration.ofSeconds(1);

	private final ServerConnector connector;

	private final ClusterServerSocketChannel serverSocket;

	private final ReleasedConnections released;

	private final @Nullable Http2Sessions http2 = HTTP2_PRESENT ? new Http2Sessions() : null;

	private volatile boolean draining;

	JettyDrain(ServerConnector connector, ClusterServerSocketChannel serverSocket) {
		this.connector = connector;
		this.serverSocket = serverSocket;
		this.released = new ReleasedConnections(serverSocket);
	}

	boolean isDraining() {
		return this.draining;
	}

	@Override
	public void endWithNextAnswer() {
		this.draining = true;
		List<ReleasableEndPoint> connections = connections();
		connections.stream()
			.filter((connection) -> connection.isOutputShutdown() && connection.hasBeenIdle(CLOSE_TIME))
			.forEach(ReleasableEndPoint::close);
		if (this.http2 != null) {
			this.http2.goAway(connections);
		}
	}

	@Override
	public void releaseIdle() throws IOException {
		List<ReleasableEndPoint> connections = connections();
		if (connections.stream().anyMatch(ReleasableEndPoint::isReleasable)) {
			// before anything is released: the master may not accept it
			this.serverSocket.openHandBack();
			this.released.release(connections, ReleasableEndPoint::release);
		}
	}

	@Override
	public int handBackReleased() throws IOException {
		return this.released.handBack();
	}

	@Override
	public void closeIdle(Duration idleFor) {
		this.released.closeAll();
		for (ReleasableEndPoint connection : connections()) {
			connection.closeIfIdle(idleFor);
			TlsConnections.closeIfIdle(connection, idleFor);
		}
	}

	private List<ReleasableEndPoint> connections() {
		return this.connector.getConnectedEndPoints()
			.stream()
			.filter(ReleasableEndPoint.class::isInstance)
			.map(ReleasableEndPoint.class::cast)
			.toList();
	}

	/**
	 * Close the released connections, and release no more. May be called from any thread.
	 */
	void close() {
		this.released.close();
	}

}
