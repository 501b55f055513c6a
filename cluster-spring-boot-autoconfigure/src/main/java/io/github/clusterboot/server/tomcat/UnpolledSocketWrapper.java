package io.github.clusterboot.server.tomcat;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;

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
 */
final class UnpolledSocketWrapper extends NioSocketWrapper {

	private boolean registered;

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
			if (socket != null) {
				socket.register(getPoller().getSelector(), 0, this);
			}
		}
		catch (ClosedChannelException | ClosedSelectorException ex) {
			// the poller closes what has no key
		}
	}

}
