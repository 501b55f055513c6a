package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.os.Descriptors;
import io.netty.channel.unix.Socket;

/**
 * The worker's end of a hand-back channel, over which it gives idle connections to the
 * master. All methods may be called from any thread.
 */
final class HandBackChannel {

	/**
	 * A master that is stopped must not hold up a drain.
	 */
	private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(1);

	private final SocketChannel channel;

	private final Socket socket;

	private HandBackChannel(SocketChannel channel) {
		this.channel = channel;
		this.socket = new Socket(SocketChannels.descriptorOf(channel));
	}

	/**
	 * Open a channel. Blocks until the master has accepted it.
	 * @param directory the master's run directory
	 * @param identity which worker this process is
	 * @param listener the name of the connections' listener
	 * @return the channel, owned by the caller
	 * @throws IOException if the master does not accept it
	 */
	static HandBackChannel open(RunDirectory directory, WorkerIdentity identity, String listener) throws IOException {
		return new HandBackChannel(
				ChannelOpener.open(directory, new Message.OpenHandBack(Message.PROTOCOL, identity.id(), listener),
						Message.HandBackOpened.class, OPEN_TIMEOUT));
	}

	/**
	 * Send a connection to the master, which receives it even if this process has ended
	 * by then.
	 * @param connection the connection, which the caller still owns
	 * @return {@code false} if the kernel's queue is full
	 * @throws ClosedChannelException if this channel is closed
	 * @throws IOException if the master is gone
	 */
	synchronized boolean send(SocketChannel connection) throws IOException {
		if (!this.channel.isOpen()) {
			// its number may belong to another descriptor by now
			throw new ClosedChannelException();
		}
		return Descriptors.send(SocketChannels.descriptorOf(connection), this.socket);
	}

	/**
	 * Close the channel. May be called again.
	 * @throws IOException if the channel cannot be closed
	 */
	synchronized void close() throws IOException {
		this.channel.close();
	}

}
