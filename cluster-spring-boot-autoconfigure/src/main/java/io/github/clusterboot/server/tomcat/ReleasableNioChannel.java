package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Lock;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's channel of a plain connection, which Tomcat can be made to release: it then
 * does everything that it does when it closes a connection, but the socket stays open.
 * <p>
 * Tomcat closes a connection once, in the thread that first calls
 * {@link SocketWrapperBase#close()}, and reuses the channel for another connection. So
 * the release belongs to the closing thread, not to the channel.
 */
final class ReleasableNioChannel extends NioChannel {

	private volatile @Nullable Release release;

	ReleasableNioChannel(SocketBufferHandler buffer) {
		super(buffer);
	}

	/**
	 * Return whether a connection is plain and idle.
	 * @param connection the connection
	 * @return whether it can be released at this moment
	 */
	static boolean isReleasable(SocketWrapperBase<NioChannel> connection) {
		Lock lock = connection.getLock();
		if (!lock.tryLock()) {
			// its events are processed under this lock
			return false;
		}
		try {
			return connection.getSocket() instanceof ReleasableNioChannel
					&& IdleConnections.isIdle((NioSocketWrapper) connection);
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Make Tomcat release a connection if it is idle. From then on Tomcat does not read
	 * it: its poller finds it closed.
	 * @param wrapper the connection
	 * @return the connection's socket, owned by the caller, which its selector still has
	 * to deregister; or {@code null} if it is not idle, not plain, or closed
	 */
	static @Nullable SocketChannel release(NioSocketWrapper wrapper) {
		Lock lock = wrapper.getLock();
		if (!lock.tryLock()) {
			// its events are processed under this lock
			return null;
		}
		try {
			if (wrapper.getSocket() instanceof ReleasableNioChannel channel && IdleConnections.isIdle(wrapper)) {
				return channel.releaseFrom(wrapper);
			}
			return null;
		}
		finally {
			lock.unlock();
		}
	}

	private @Nullable SocketChannel releaseFrom(NioSocketWrapper wrapper) {
		SocketChannel socket = getIOChannel();
		Release release = new Release(Thread.currentThread());
		this.release = release;
		try {
			// before the key is cancelled: the poller closes what has an invalid key
			wrapper.close();
		}
		finally {
			this.release = null;
		}
		if (!release.done) {
			return null;
		}
		deregister(socket, wrapper.getPoller().getSelector());
		return socket;
	}

	private static void deregister(SocketChannel socket, Selector selector) {
		SelectionKey key = socket.keyFor(selector);
		if (key != null) {
			key.cancel();
			selector.wakeup();
		}
	}

	@Override
	public void close() throws IOException {
		Release release = this.release;
		if (release != null && release.thread == Thread.currentThread()) {
			release.done = true;
		}
		else {
			super.close();
		}
	}

	/**
	 * A release by one thread. Used by that thread only.
	 */
	private static final class Release {

		private final Thread thread;

		private boolean done;

		private Release(Thread thread) {
			this.thread = thread;
		}

	}

}
