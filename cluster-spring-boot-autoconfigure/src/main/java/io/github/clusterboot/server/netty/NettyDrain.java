package io.github.clusterboot.server.netty;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.DrainableServer;
import io.github.clusterboot.worker.ReleasedConnections;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The drain of a Reactor Netty server. Each connection is changed on its event loop only,
 * where nothing else happens to it meanwhile.
 */
final class NettyDrain implements DrainableServer {

	/**
	 * How long to wait for event loops, which may be busy. Connections whose event loop
	 * has not answered by then are left for the next time.
	 */
	private static final Duration EVENT_LOOP_TIME = Duration.ofMillis(100);

	/**
	 * How long it may take until a client knows that it must not begin streams.
	 */
	private static final Duration GOAWAY_GRACE = Duration.ofSeconds(1);

	private final Set<ClusterSocketChannel> connections = ConcurrentHashMap.newKeySet();

	private volatile @Nullable ClusterServerSocketChannel serverSocket;

	private volatile @Nullable ReleasedConnections released;

	private volatile boolean draining;

	private long drainingSince;

	/**
	 * Begin to serve.
	 * @param serverSocket the channel that the connections come from
	 */
	void open(ClusterServerSocketChannel serverSocket) {
		this.draining = false;
		this.serverSocket = serverSocket;
		this.released = new ReleasedConnections(serverSocket);
	}

	/**
	 * Make a connection take part in the drain until it is closed.
	 * @param connection the connection
	 */
	void add(ClusterSocketChannel connection) {
		this.connections.add(connection);
		connection.closeFuture().addListener((future) -> this.connections.remove(connection));
	}

	boolean isDraining() {
		return this.draining;
	}

	@Override
	public void endWithNextAnswer() {
		if (!this.draining) {
			this.drainingSince = System.nanoTime();
			this.draining = true;
		}
		boolean known = System.nanoTime() - this.drainingSince >= GOAWAY_GRACE.toNanos();
		this.connections.forEach((connection) -> execute(connection, () -> goAway(connection, known)));
	}

	/**
	 * End an HTTP/2 connection: its client is told not to begin streams, see RFC 9113,
	 * section 6.8; once it must know and has no streams left, the connection is closed.
	 */
	private static void goAway(ClusterSocketChannel connection, boolean known) {
		Http2FrameCodec codec = connection.pipeline().get(Http2FrameCodec.class);
		if (codec == null) {
			return;
		}
		if (!codec.connection().goAwaySent()) {
			connection
				.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
		}
		else if (known && codec.connection().numActiveStreams() == 0) {
			connection.close();
		}
	}

	private static void execute(ClusterSocketChannel connection, Runnable task) {
		try {
			connection.eventLoop().execute(task);
		}
		catch (RejectedExecutionException ex) {
			// the event loop has ended, and with it the connection
		}
	}

	@Override
	public void releaseIdle() throws IOException {
		ClusterServerSocketChannel socket = this.serverSocket;
		ReleasedConnections released = this.released;
		if (socket != null && released != null && !this.connections.isEmpty()) {
			// before anything is released: the master may not accept it
			socket.openHandBack();
			long deadline = System.nanoTime() + EVENT_LOOP_TIME.toNanos();
			released.release(this.connections, (connection) -> release(connection, deadline));
		}
	}

	private static @Nullable SocketChannel release(ClusterSocketChannel connection, long deadline) {
		try {
			Future<@Nullable SocketChannel> release = connection.eventLoop()
				.submit(() -> ConnectionWatch.isIdle(connection) ? connection.release() : null);
			if (!release.awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
					&& release.cancel(false)) {
				return null;
			}
			// a release that has begun cannot be cancelled, and ends at once
			return release.awaitUninterruptibly().getNow();
		}
		catch (RejectedExecutionException ex) {
			// the event loop has ended, and with it the connection
			return null;
		}
	}

	@Override
	public int handBackReleased() throws IOException {
		ReleasedConnections released = this.released;
		return (released != null) ? released.handBack() : 0;
	}

	@Override
	public void closeIdle(Duration idleFor) {
		ReleasedConnections released = this.released;
		if (released != null) {
			released.closeAll();
		}
		this.connections.forEach((connection) -> execute(connection, () -> closeIfIdle(connection, idleFor)));
	}

	private static void closeIfIdle(ClusterSocketChannel connection, Duration idleFor) {
		if (ConnectionWatch.isIdle(connection) && ConnectionWatch.idleTime(connection).compareTo(idleFor) >= 0
				&& !connection.isReadable()) {
			connection.close();
		}
		else if (idleFor.isZero() && connection.pipeline().get(WebSocketFrameEncoder.class) != null) {
			connection.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE))
				.addListener(ChannelFutureListener.CLOSE);
		}
	}

	/**
	 * Close the released connections, and release no more. May be called from any thread.
	 */
	void close() {
		ReleasedConnections released = this.released;
		if (released != null) {
			released.close();
		}
	}

}
