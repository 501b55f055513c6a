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
 * A connection that Tomcat's poller does not know until there is something to wait for.
 * One whose first request is here already and which ends with the answer never needs the
 * poller, and so neither the switches to its thread nor, when the connection is closed,
 * the wait until its selector has forgotten it.
 * <p>
 * Like any wrapper of Tomcat's it is used by one thread at a time but for closing and,
 * where requests are asynchronous, for registering.
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
	 * Say whether the client has nothing more to send before it has the answer.
	 * @param complete whether request and answer are complete
	 */
	void exchangeComplete(boolean complete) {
		this.exchangeComplete = complete;
	}

	/**
	 * The JDK closes a socket that is registered in two steps: it ends the outgoing
	 * stream now, and closes when the selector next selects, see
	 * {@code SocketChannelImpl.implCloseNonBlockingMode}. That gives the client time to
	 * read an answer although it still sends: the kernel resets a connection that is
	 * closed with bytes unread, or to which bytes come after that. So this connection is
	 * closed at once only where nothing of this can be.
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
	 * Such a socket would be closed by waiting.
	 */
	private boolean lingers() {
		return getEndpoint().getConnectionLinger() >= 0;
	}

	/**
	 * Register with no interest, which the poller then adds to. This does not wait for
	 * the thread that selects.
	 */
	private synchronized void register() {
		if (this.registered) {
			return;
		}
		this.registered = true;
		SocketChannel socket = getSocket().getIOChannel();
		try {
			// there is no poller where the endpoint has stopped meanwhile
			if (socket != null && getPoller() != null) {
				socket.register(getPoller().getSelector(), 0, this);
			}
		}
		catch (ClosedChannelException | ClosedSelectorException ex) {
			// it is closed at once; what it waits for the poller ends by closing it
		}
	}

}
