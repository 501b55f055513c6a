package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Errno;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;

/**
 * The worker's end of a hand-back channel, over which it gives idle connections to the
 * master. One thread uses it at a time.
 */
final class HandBackChannel {

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
	 * @param listener the name of the listener that the connections are of
	 * @return the channel, owned by the caller
	 * @throws IOException if the master does not accept it
	 */
	static HandBackChannel open(RunDirectory directory, WorkerIdentity identity, String listener) throws IOException {
		return new HandBackChannel(OpenedChannel.open(directory,
				new Message.OpenHandBack(Message.PROTOCOL, identity.id(), listener), Message.HandBackOpened.class));
	}

	/**
	 * Send a connection to the master. What is sent reaches the master even if this
	 * process ends before it is received.
	 * @param connection the connection, which the caller still owns
	 * @return {@code false} if the kernel's queue is full
	 * @throws IOException if the master is gone
	 */
	boolean send(SocketChannel connection) throws IOException {
		try {
			return this.socket.sendFd(SocketChannels.descriptorOf(connection)) >= 0;
		}
		catch (NativeIoException ex) {
			if (Errno.isShortage(ex)) {
				return false;
			}
			throw ex;
		}
	}

	/**
	 * Close the channel. May be called again.
	 * @throws IOException if the kernel does not like it
	 */
	void close() throws IOException {
		this.channel.close();
	}

}
