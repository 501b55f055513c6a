package io.github.clusterboot.worker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;

/**
 * The worker's half of a benchmark: opens a handover channel and takes from it. One
 * thread takes.
 */
public final class TakingWorker implements Closeable {

	private static final String LISTENER = "server";

	private final HandoverChannel channel;

	private final ScoreboardSlot figures;

	/**
	 * Open the channel. Blocks until the master has answered.
	 * @param directory the master's run directory
	 * @param identity which worker this is
	 * @param listening the address that the master listens on
	 * @param scoreboard the scoreboard
	 * @throws IOException if the master does not answer
	 */
	public TakingWorker(RunDirectory directory, WorkerIdentity identity, InetSocketAddress listening,
			Scoreboard scoreboard) throws IOException {
		this.channel = HandoverChannel.open(directory, identity, LISTENER,
				new Message.Listening(1, listening.getAddress().getHostAddress(), listening.getPort(), false, 0, false),
				scoreboard, new HandoverChannels());
		this.figures = scoreboard.slot(identity.index());
	}

	/**
	 * Take the next connection. Blocks until there is one.
	 * @return the connection, owned by the caller, who also has to count it as closed
	 * @throws IOException if the channel is broken
	 */
	public SocketChannel take() throws IOException {
		SocketChannel connection = this.channel.take();
		if (connection == null) {
			throw new IOException("Woken up without a connection");
		}
		return connection;
	}

	/**
	 * Close a taken connection, and count it.
	 * @param connection the connection
	 * @throws IOException if it cannot be closed
	 */
	public void close(SocketChannel connection) throws IOException {
		connection.close();
		this.figures.connectionClosed(this.channel.ordinal());
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
