package io.github.clusterboot.server.netty;

import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.worker.ReceiveBuffer;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * A connection that the master has handed over, which Netty can be made to release: it
 * then does everything that it does when it closes a connection, but the socket stays
 * open.
 */
final class ClusterSocketChannel extends NioSocketChannel {

	private final Runnable onClose;

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile boolean released;

	/**
	 * Create a channel.
	 * @param parent the server channel
	 * @param connection the connection, owned by this channel until it is released
	 * @param onClose called once, when the channel is closed or released
	 */
	ClusterSocketChannel(Channel parent, SocketChannel connection, Runnable onClose) {
		super(parent, connection);
		this.onClose = onClose;
	}

	/**
	 * Release the connection. Has to be called on the event loop.
	 * @return the connection, owned by the caller, which its selector still has to
	 * deregister
	 */
	SocketChannel release() {
		this.released = true;
		unsafe().close(unsafe().voidPromise());
		return javaChannel();
	}

	/**
	 * Return whether there is something to be read.
	 * @return whether the kernel has bytes for this connection
	 */
	boolean isReadable() {
		return ReceiveBuffer.hasBytes(javaChannel());
	}

	@Override
	public boolean isOpen() {
		return !this.released && super.isOpen();
	}

	@Override
	public boolean isActive() {
		return !this.released && super.isActive();
	}

	@Override
	protected void doClose() throws Exception {
		if (this.closed.compareAndSet(false, true)) {
			this.onClose.run();
		}
		if (!this.released) {
			super.doClose();
		}
	}

}
