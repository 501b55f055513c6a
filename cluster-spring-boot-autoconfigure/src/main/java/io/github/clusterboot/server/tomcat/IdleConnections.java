package io.github.clusterboot.server.tomcat;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.locks.Lock;

import io.github.clusterboot.worker.ReceiveBuffer;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The connections of an endpoint that are idle: between two requests, or before the
 * first, with nothing read that has not been answered.
 */
final class IdleConnections {

	private IdleConnections() {
	}

	/**
	 * Close the connections that are idle and have nothing to be read.
	 * @param connections the connections
	 * @param idleFor only those that have been idle for this long
	 */
	static void close(Collection<SocketWrapperBase<NioChannel>> connections, Duration idleFor) {
		for (SocketWrapperBase<NioChannel> connection : connections) {
			close((NioSocketWrapper) connection, idleFor);
		}
	}

	private static void close(NioSocketWrapper wrapper, Duration idleFor) {
		Lock lock = wrapper.getLock();
		if (lock.tryLock()) {
			try {
				if (isIdle(wrapper) && idleTime(wrapper).compareTo(idleFor) >= 0
						&& !ReceiveBuffer.hasBytes(wrapper.getSocket().getIOChannel())) {
					wrapper.close();
				}
			}
			finally {
				lock.unlock();
			}
		}
	}

	private static Duration idleTime(NioSocketWrapper wrapper) {
		long last = Math.max(wrapper.getLastRead(), wrapper.getLastWrite());
		return Duration.ofMillis(System.currentTimeMillis() - last);
	}

	/**
	 * Return whether a connection is idle. A connection has a processor from the first
	 * byte of a request to the end of its answer, and for as long as it speaks HTTP/2 or
	 * WebSocket. If it has none, Tomcat's poller waits for the next request, and removes
	 * the interest in reading before the request is processed; or the poller does not
	 * know the connection yet, and its first request waits for a thread (see
	 * {@link UnpolledSocketWrapper}).
	 * @param wrapper the connection, whose lock the caller holds
	 * @return whether it is idle
	 */
	static boolean isIdle(NioSocketWrapper wrapper) {
		return !wrapper.isClosed() && wrapper.getCurrentProcessor() == null && wrapper.getSocket().isHandshakeComplete()
				&& wrapper.getSocketBufferHandler().isReadBufferEmpty() && !wrapper.hasDataToWrite()
				&& wrapper.getSendfileData() == null && isPolledForReading(wrapper);
	}

	private static boolean isPolledForReading(NioSocketWrapper wrapper) {
		SocketChannel socket = wrapper.getSocket().getIOChannel();
		SelectionKey key = (socket != null) ? socket.keyFor(wrapper.getPoller().getSelector()) : null;
		try {
			return key != null && key.interestOps() == SelectionKey.OP_READ;
		}
		catch (CancelledKeyException ex) {
			return false;
		}
	}

}
