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
 * the master hands over, adopts them, counts them as taken, and tells the master that
 * there is room if it waits for that.
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
	 * @throws IOException if the socket is broken, or a connection could not be used; it
	 * has been counted as taken and as closed
	 */
	@Nullable SocketChannel receive() throws IOException {
		SocketChannel connection;
		try {
			int descriptor = this.socket.recvFd();
			if (descriptor <= 0) {
				this.ended = descriptor < 0;
				return null;
			}
			connection = SocketChannels.adopt(descriptor, this.family);
		}
		catch (IOException | RuntimeException | Error ex) {
			// even if none was received: the kernel may have dropped one that the master
			// counts as sent, see recvmsg(2)
			countBroken();
			throw ex;
		}
		if (connection == null) {
			countBroken();
		}
		else {
			this.figures.connectionTaken(this.listener);
		}
		if (this.scoreboard.isRoomWanted()) {
			tellMasterOfRoom();
		}
		return connection;
	}

	private void countBroken() {
		this.figures.connectionTaken(this.listener);
		this.figures.connectionClosed(this.listener);
	}

	/**
	 * A byte that does not fit into the kernel's buffer is not missed: the master still
	 * has others to read.
	 */
	private void tellMasterOfRoom() {
		try {
			this.socket.send(this.roomNotice, 0, 1);
		}
		catch (IOException ex) {
			logger.debug("The master no longer reads from this worker", ex);
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
