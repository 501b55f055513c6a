package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

import io.github.clusterboot.worker.ClusterServerSocketChannel;
import io.github.clusterboot.worker.MasterLink;
import io.github.clusterboot.worker.ReceiveBuffer;
import org.apache.catalina.Context;
import org.apache.tomcat.util.ExceptionUtils;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Tomcat's NIO endpoint with a server socket whose connections the master hands over.
 * <p>
 * Tomcat's acceptor asks for a connection only if it has room for one, and assumes that
 * it has got one when {@link #serverSocketAccept()} returns. Here that method returns
 * {@code null} if the acceptor was only woken up. The methods that Tomcat calls next with
 * the connection then do nothing but undo the acceptor's count.
 */
final class ClusterNioEndpoint extends NioEndpoint {

	private @Nullable MasterLink link;

	private @Nullable String listener;

	private List<Context> contexts = List.of();

	private volatile @Nullable ClusterServerSocketChannel serverSocket;

	private volatile @Nullable TomcatDrain drain;

	/**
	 * The acceptor, from an exception of {@link #serverSocketAccept()} until it has
	 * undone its count.
	 */
	private volatile @Nullable Thread failedAcceptor;

	void connectTo(MasterLink link, String listener, List<Context> contexts) {
		this.link = link;
		this.listener = listener;
		this.contexts = contexts;
	}

	@Override
	protected void initServerSocket() throws IOException {
		Assert.state(this.link != null && this.listener != null, "The endpoint is not linked to a master");
		ClusterServerSocketChannel socket = new ClusterServerSocketChannel(this.link, this.listener);
		socket.bind(new InetSocketAddress(getAddress(), getPortWithOffset()), getAcceptCount());
		this.serverSocket = socket;
		TomcatDrain drain = new TomcatDrain(this, socket, this.contexts);
		this.drain = drain;
		this.link.add(drain);
	}

	boolean isDraining() {
		TomcatDrain drain = this.drain;
		return drain != null && drain.isDraining();
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		return this.serverSocket;
	}

	@Override
	protected @Nullable SocketChannel serverSocketAccept() throws IOException {
		try {
			return serverSocket().accept();
		}
		catch (ClosedChannelException ex) {
			// Tomcat has told its acceptor to end before it closes the socket
			return null;
		}
		catch (IOException | RuntimeException ex) {
			this.failedAcceptor = Thread.currentThread();
			throw ex;
		}
	}

	@Override
	protected NioChannel createChannel(SocketBufferHandler buffer) {
		// no other process can go on with the state of TLS
		return isSSLEnabled() ? super.createChannel(buffer) : new ReleasableNioChannel(buffer);
	}

	@Override
	protected boolean setSocketOptions(@Nullable SocketChannel connection) {
		if (connection == null) {
			super.countDownConnection();
			return true;
		}
		if (!isSSLEnabled() && ReceiveBuffer.hasBytes(connection)) {
			return process(connection);
		}
		boolean accepted = super.setSocketOptions(connection);
		if (accepted && !isSSLEnabled()) {
			waitAsBetweenRequests(connection);
		}
		return accepted;
	}

	/**
	 * Process a connection whose first request is already here. This is what Tomcat does
	 * with a new connection, except that the poller does not have to see the request
	 * first.
	 */
	private boolean process(SocketChannel connection) {
		UnpolledSocketWrapper wrapper = null;
		try {
			wrapper = wrap(connection);
			this.socketProperties.setProperties(connection.socket());
			wrapper.setReadTimeout(getConnectionTimeout());
			wrapper.setWriteTimeout(getConnectionTimeout());
			wrapper.setKeepAliveLeft(getMaxKeepAliveRequests());
			return processSocket(wrapper, SocketEvent.OPEN_READ, true);
		}
		catch (Throwable ex) {
			ExceptionUtils.handleThrowable(ex);
			getLog().error("A connection cannot be used", ex);
			if (wrapper == null) {
				destroySocket(connection);
			}
			return false;
		}
	}

	private UnpolledSocketWrapper wrap(SocketChannel connection) throws IOException {
		NioChannel channel = (getNioChannels() != null) ? getNioChannels().pop() : null;
		if (channel == null) {
			channel = createChannel(new SocketBufferHandler(this.socketProperties.getAppReadBufSize(),
					this.socketProperties.getAppWriteBufSize(), this.socketProperties.getDirectBuffer()));
		}
		UnpolledSocketWrapper wrapper = new UnpolledSocketWrapper(channel, this);
		channel.reset(connection, wrapper);
		this.connections.put(connection, wrapper);
		return wrapper;
	}

	/**
	 * Tomcat would wait for a first request no longer than the connection timeout. But
	 * the connection may have had requests at the worker that has handed it back. From
	 * the first byte of a request on, Tomcat sets the timeout itself, so a connection
	 * that is being processed is left alone.
	 */
	private void waitAsBetweenRequests(SocketChannel connection) {
		SocketWrapperBase<NioChannel> wrapper = this.connections.get(connection);
		if (wrapper != null && wrapper.getReadTimeout() > 0 && isLonger(getKeepAliveTimeout())
				&& wrapper.getLock().tryLock()) {
			try {
				if (!wrapper.isClosed() && wrapper.getCurrentProcessor() == null) {
					wrapper.setReadTimeout(getKeepAliveTimeout());
				}
			}
			finally {
				wrapper.getLock().unlock();
			}
		}
	}

	private boolean isLonger(int keepAliveTimeout) {
		return keepAliveTimeout <= 0 || keepAliveTimeout > getConnectionTimeout();
	}

	@Override
	protected void destroySocket(@Nullable SocketChannel connection) {
		if (connection == null) {
			super.countDownConnection();
		}
		else {
			super.destroySocket(connection);
		}
	}

	/**
	 * Tomcat calls this for each connection that it closes, which is counted here. Its
	 * acceptor also calls this next after each exception of {@link #serverSocketAccept()}
	 * (see {@code org.apache.tomcat.util.net.Acceptor}), which has left no connection to
	 * be counted.
	 */
	@Override
	protected long countDownConnection() {
		ClusterServerSocketChannel socket = this.serverSocket;
		if (this.failedAcceptor == Thread.currentThread()) {
			this.failedAcceptor = null;
		}
		else if (socket != null) {
			socket.connectionClosed();
		}
		return super.countDownConnection();
	}

	/**
	 * Tomcat would wake its acceptor with a connection to its own port, but here that
	 * could go to any worker.
	 */
	@Override
	protected void unlockAccept() {
		ClusterServerSocketChannel socket = this.serverSocket;
		if (socket != null) {
			socket.wakeUp();
		}
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		ClusterServerSocketChannel socket = this.serverSocket;
		if (socket != null) {
			socket.close();
		}
		TomcatDrain drain = this.drain;
		if (drain != null && this.link != null) {
			drain.close();
			this.link.remove(drain);
		}
	}

	/**
	 * Close the connections that are being processed, as Tomcat's poller has done with
	 * those that it knows, and then end the threads that process them.
	 */
	@Override
	public void shutdownExecutor() {
		this.connections.values().forEach(SocketWrapperBase::close);
		super.shutdownExecutor();
	}

	private ClusterServerSocketChannel serverSocket() {
		ClusterServerSocketChannel socket = this.serverSocket;
		Assert.state(socket != null, "The endpoint is not bound");
		return socket;
	}

}
