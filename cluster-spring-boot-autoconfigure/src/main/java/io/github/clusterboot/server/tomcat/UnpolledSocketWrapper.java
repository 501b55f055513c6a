package io.github.clusterboot.server.tomcat;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;

import io.github.clusterboot.worker.ReceiveBuffer;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SendfileDataBase;
import org.apache.tomcat.util.net.SendfileState;

/**
 * A connection that Tomcat's poller does not know until there is something to wait for. A
 * connection whose first request is already here and that ends with the answer never
 * needs the poller. So it needs neither the switches to its thread nor, when it is
 * closed, the wait until its selector has deregistered it.
 * <p>
 * Like any of Tomcat's wrappers it is used by one thread at a time, except for closing
 * and, if requests are asynchronous, for registering.
 */
final class UnpolledSocketWrapper extends NioSocketWrapper {

	private boolean registered;

	private volatile boolean exchangeComplete;

	UnpolledSocketWrapper(NioChannel channel, NioEndpoint endpoint) {
		super(channel, endpoint);
	}

	@Override
	public void registerReadInterest() {
		register();
		super.registerReadInterest();
	}

	@Override
	public void registerWriteInterest() {
		register();
		super.registerWriteInterest();
	}

	@Override
	public SendfileState processSendfile(SendfileDataBase data) {
		register();
		return super.processSendfile(data);
	}

	/**
	 * Set whether the client has nothing more to send before it has the answer.
	 * @param complete whether request and answer are complete
	 */
	void exchangeComplete(boolean complete) {
		this.exchangeComplete = complete;
	}

	/**
	 * The JDK closes a registered socket in two steps: it ends the outgoing stream now,
	 * and closes when the selector next selects, see
	 * {@code SocketChannelImpl.implCloseNonBlockingMode}. That gives a client time to
	 * read the answer while it is still sending: the kernel resets a connection that is
	 * closed with unread bytes, or receives bytes later. So this connection is closed at
	 * once only if neither can happen.
	 */
	@Override
	protected void doClose() {
		SocketChannel socket = getSocket().getIOChannel();
		if (!this.exchangeComplete || socket == null || lingers() || ReceiveBuffer.hasBytes(socket)) {
			register();
		}
		super.doClose();
	}

	/**
	 * Closing such a socket would block.
	 */
	private boolean lingers() {
		return getEndpoint().getConnectionLinger() >= 0;
	}

	/**
	 * Register without any interest; the poller adds it later. This does not wait for the
	 * thread that selects.
	 */
	private synchronized void register() {
		if (this.registered) {
			return;
		}
		this.registered = true;
		SocketChannel socket = getSocket().getIOChannel();
		try {
			// there is no poller if the endpoint has stopped meanwhile
			if (socket != null && getPoller() != null) {
				socket.register(getPoller().getSelector(), 0, this);
			}
		}
		catch (ClosedChannelException | ClosedSelectorException ex) {
			// it is closed at once; a poller that stops closes those that still wait
		}
	}

}
