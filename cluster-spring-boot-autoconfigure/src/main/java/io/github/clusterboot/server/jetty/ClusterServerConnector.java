package io.github.clusterboot.server.jetty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.MasterLink;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A {@link ServerConnector} with a server socket whose connections the master hands over.
 */
final class ClusterServerConnector extends ServerConnector {

	private final MasterLink link;

	private final String listener;

	/**
	 * The connections that have been taken and not been closed in any way.
	 */
	private final Set<SocketChannel> taken = ConcurrentHashMap.newKeySet();

	/**
	 * Held while a connection is waited for and given to Jetty: the next one is not taken
	 * before Jetty has counted it.
	 */
	private final ReentrantLock accepting = new ReentrantLock();

	private volatile @Nullable ClusterServerSocketChannel serverSocket;

	private volatile @Nullable JettyDrain drain;

	/**
	 * Create a connector with the server, threads, buffers and protocols of another one.
	 * @param source the other connector
	 * @param link the link to the master
	 * @param listener the name of the listener that the connections come from
	 */
	ClusterServerConnector(ServerConnector source, MasterLink link, String listener) {
		super(source.getServer(), executorOf(source), schedulerOf(source), bufferPoolOf(source), acceptorsOf(source),
				source.getSelectorManager().getSelectorCount(), factoriesOf(source));
		this.link = link;
		this.listener = listener;
		getSelectorManager().addEventListener(new SelectorManager.AcceptListener() {

			@Override
			public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
				closed((SocketChannel) channel);
			}

		});
	}

	/**
	 * A connector starts and stops what it is given, but not what its server owns.
	 */
	private static @Nullable Executor executorOf(ServerConnector source) {
		Executor executor = source.getExecutor();
		return (executor != source.getServer().getThreadPool()) ? executor : null;
	}

	private static @Nullable Scheduler schedulerOf(ServerConnector source) {
		Scheduler scheduler = source.getScheduler();
		return (scheduler != source.getServer().getScheduler()) ? scheduler : null;
	}

	private static @Nullable ByteBufferPool bufferPoolOf(ServerConnector source) {
		ByteBufferPool pool = source.getByteBufferPool();
		return (pool != source.getServer().getByteBufferPool()) ? pool : null;
	}

	/**
	 * Without acceptors the selectors would accept, but they cannot select on the
	 * master's connections.
	 */
	private static int acceptorsOf(ServerConnector source) {
		return Math.max(source.getAcceptors(), 1);
	}

	private static ConnectionFactory[] factoriesOf(ServerConnector source) {
		return new LinkedHashSet<>(source.getConnectionFactories()).toArray(ConnectionFactory[]::new);
	}

	@Override
	protected ServerSocketChannel openAcceptChannel() throws IOException {
		ClusterServerSocketChannel socket = new ClusterServerSocketChannel(this.link, this.listener);
		String host = getHost();
		socket.bind((host != null) ? new InetSocketAddress(host, getPort()) : new InetSocketAddress(getPort()));
		this.serverSocket = socket;
		JettyDrain drain = new JettyDrain(this, socket);
		this.drain = drain;
		this.link.add(drain);
		return socket;
	}

	boolean isDraining() {
		JettyDrain drain = this.drain;
		return drain != null && drain.isDraining();
	}

	/**
	 * The thread that waits here is interrupted when it has to stop, and woken up when
	 * there is no more room.
	 */
	@Override
	public void accept(int acceptor) throws IOException {
		this.accepting.lock();
		try {
			if (isAccepting()) {
				SocketChannel connection = serverSocket().accept();
				if (connection != null) {
					accept(connection);
				}
			}
		}
		finally {
			this.accepting.unlock();
		}
	}

	private void accept(SocketChannel connection) {
		this.taken.add(connection);
		try {
			configure(connection.socket());
			getSelectorManager().accept(connection);
		}
		catch (RuntimeException ex) {
			IO.close(connection);
			closed(connection);
			throw ex;
		}
	}

	/**
	 * Jetty accepts at most one more connection after this; here it accepts none.
	 */
	@Override
	public void setAccepting(boolean accepting) {
		super.setAccepting(accepting);
		ClusterServerSocketChannel socket = this.serverSocket;
		if (!accepting && socket != null) {
			socket.wakeUp();
		}
	}

	@Override
	protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
		ReleasableEndPoint endPoint = new ReleasableEndPoint(channel, selector, key, getScheduler(), this::closed);
		endPoint.setIdleTimeout(getIdleTimeout());
		return endPoint;
	}

	/**
	 * Count a connection as closed, once.
	 */
	private void closed(SocketChannel connection) {
		if (this.taken.remove(connection)) {
			serverSocket().connectionClosed();
		}
	}

	@Override
	protected void doStop() throws Exception {
		WebSockets.goAway(getServer());
		try {
			super.doStop();
		}
		finally {
			closeForgotten();
			JettyDrain drain = this.drain;
			if (drain != null) {
				drain.close();
				this.link.remove(drain);
			}
		}
	}

	/**
	 * Jetty's selectors drop connections that they are given after they have stopped.
	 */
	private void closeForgotten() {
		this.accepting.lock();
		try {
			for (SocketChannel connection : this.taken) {
				IO.close(connection);
				closed(connection);
			}
		}
		finally {
			this.accepting.unlock();
		}
	}

	private ClusterServerSocketChannel serverSocket() {
		ClusterServerSocketChannel socket = this.serverSocket;
		Assert.state(socket != null, "The connector is not open");
		return socket;
	}

}
