package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of a handover channel as a source of connections: receives those that
 * the master hands over, adopts them, counts them as taken, and tells the master of room
 * where it waits for that.
 * <p>
 * The descriptor is owned by the channel. One thread at a time uses it.
 */
final class HandoverSocket {

	private static final Log logger = LogFactory.getLog(HandoverSocket.class);

	private final Socket socket;

	private final ProtocolFamily family;

	private final int listener;

	private final Scoreboard scoreboard;

	private final ScoreboardSlot figures;

	private final ByteBuffer roomNotice = ByteBuffer.allocateDirect(1);

	private boolean ended;

	/**
	 * Create the source.
	 * @param socket the worker's end of the channel, non-blocking
	 * @param family the protocol family of the connections
	 * @param listener the listener's ordinal
	 * @param scoreboard tells whether the master waits for room
	 * @param figures counts the connections
	 */
	HandoverSocket(Socket socket, ProtocolFamily family, int listener, Scoreboard scoreboard, ScoreboardSlot figures) {
		this.socket = socket;
		this.family = family;
		this.listener = listener;
		this.scoreboard = scoreboard;
		this.figures = figures;
	}

	/**
	 * Receive the next connection.
	 * @return the connection, which has been counted as taken and is owned by the caller,
	 * or {@code null} if there is none, it was broken already, or the stream
	 * {@linkplain #isEnded() has ended}
	 * @throws IOException if the socket is broken, or a connection could not be used;
	 * nothing has been counted
	 */
	@Nullable SocketChannel receive() throws IOException {
		int descriptor = this.socket.recvFd();
		if (descriptor <= 0) {
			this.ended = descriptor < 0;
			return null;
		}
		SocketChannel connection = adopt(descriptor);
		this.figures.connectionTaken(this.listener);
		if (connection == null) {
			this.figures.connectionClosed(this.listener);
		}
		if (this.scoreboard.isRoomWanted()) {
			tellMasterOfRoom();
		}
		return connection;
	}

	private @Nullable SocketChannel adopt(int descriptor) throws IOException {
		try {
			return SocketChannels.adopt(descriptor, this.family);
		}
		catch (Error ex) {
			// unlike an exception nobody counts it
			this.figures.connectionTaken(this.listener);
			this.figures.connectionClosed(this.listener);
			throw ex;
		}
	}

	/**
	 * A byte that does not fit into the kernel's buffer is not missed: the master has
	 * more than it can read of them.
	 */
	private void tellMasterOfRoom() {
		try {
			this.socket.send(this.roomNotice, 0, 1);
		}
		catch (IOException ex) {
			logger.debug("The master does not listen to this worker any more", ex);
		}
	}

	/**
	 * Return whether the stream has ended, since the master is gone.
	 * @return whether nothing more comes
	 */
	boolean isEnded() {
		return this.ended;
	}

}
