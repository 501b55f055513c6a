package io.github.clusterboot.server.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.MasterLink;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannelConfig;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server channel whose {@code bind} asks the master to listen and whose children are
 * connections that the master hands over.
 * <p>
 * A separate thread takes one connection each time the channel is asked to read, which is
 * again when its event loop has dealt with the one before. Other connections stay where
 * the master can take them back.
 */
final class ClusterServerChannel extends AbstractServerChannel implements ServerSocketChannel {

	private static final Log logger = LogFactory.getLog(ClusterServerChannel.class);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

	private final MasterLink link;

	private final NettyDrain drain;

	private final ClusterServerSocketChannel socket;

	private final ServerSocketChannelConfig config = new ClusterServerChannelConfig(this);

	private final Semaphore reads = new Semaphore(0);

	private volatile boolean bound;

	/**
	 * Create a channel that is not bound yet.
	 * @param link the link to the master
	 * @param listener the listener's name
	 * @param drain the drain of the server
	 */
	ClusterServerChannel(MasterLink link, String listener, NettyDrain drain) {
		this.link = link;
		this.drain = drain;
		this.socket = new ClusterServerSocketChannel(link, listener);
	}

	@Override
	public ServerSocketChannelConfig config() {
		return this.config;
	}

	@Override
	public boolean isOpen() {
		return this.socket.isOpen();
	}

	@Override
	public boolean isActive() {
		return this.bound && isOpen();
	}

	/**
	 * Any event loop will do: it only has to run tasks.
	 */
	@Override
	protected boolean isCompatible(EventLoop loop) {
		return true;
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return (InetSocketAddress) super.localAddress();
	}

	@Override
	public @Nullable InetSocketAddress remoteAddress() {
		return null;
	}

	@Override
	protected @Nullable SocketAddress localAddress0() {
		try {
			return this.socket.getLocalAddress();
		}
		catch (IOException ex) {
			return null;
		}
	}

	@Override
	protected void doBind(SocketAddress localAddress) throws IOException {
		this.socket.bind(localAddress);
		this.bound = true;
		this.drain.open(this.socket);
		this.link.add(this.drain);
		Thread thread = new Thread(this::take, "cluster-take");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	protected void doBeginRead() {
		if (this.reads.availablePermits() == 0) {
			this.reads.release();
		}
	}

	@Override
	protected void doClose() throws IOException {
		this.socket.close();
		this.reads.release();
		if (this.bound) {
			this.drain.close();
			this.link.remove(this.drain);
		}
	}

	private void take() {
		while (isOpen()) {
			this.reads.acquireUninterruptibly();
			SocketChannel connection = takeNext();
			if (connection != null) {
				serve(connection);
			}
		}
	}

	/**
	 * Take the next connection.
	 * @return the connection, or {@code null} if the channel has been closed
	 */
	private @Nullable SocketChannel takeNext() {
		while (isOpen()) {
			try {
				SocketChannel connection = this.socket.accept();
				if (connection != null) {
					return connection;
				}
			}
			catch (ClosedChannelException ex) {
				return null;
			}
			catch (IOException | RuntimeException ex) {
				logger.warn("A connection could not be taken", ex);
				LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
			}
		}
		return null;
	}

	private void serve(SocketChannel connection) {
		ClusterSocketChannel child = new ClusterSocketChannel(this, connection, this.socket::connectionClosed);
		try {
			eventLoop().execute(() -> {
				pipeline().fireChannelRead(child);
				pipeline().fireChannelReadComplete();
			});
		}
		catch (RejectedExecutionException ex) {
			child.unsafe().closeForcibly();
		}
	}

}
