package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

import io.github.clusterboot.master.loop.MasterLog;
import io.netty.channel.unix.FileDescriptor;
import org.apache.commons.logging.Log;

/**
 * The master's own copies of the connections that one worker has been sent, in that
 * order. If the kernel may lose a descriptor that is closed before, they are kept until
 * the worker has received them; otherwise they are closed at once.
 */
final class SentCopies {

	private static final Log logger = MasterLog.of(SentCopies.class);

	private final boolean kept;

	private final Deque<FileDescriptor> copies = new ArrayDeque<>(0);

	SentCopies(boolean kept) {
		this.kept = kept;
	}

	/**
	 * Add a connection that has just been sent.
	 * @param connection the copy, owned by this object from now on
	 * @param waiting how many have not been received, this one among them
	 */
	void add(FileDescriptor connection, long waiting) {
		if (this.kept) {
			this.copies.addLast(connection);
			closeAllBut(waiting);
		}
		else {
			close(connection);
		}
	}

	/**
	 * Close the copies of connections that have been received.
	 * @param waiting how many have not
	 */
	void closeAllBut(long waiting) {
		while (this.copies.size() > waiting) {
			close(this.copies.removeFirst());
		}
	}

	private static void close(FileDescriptor connection) {
		try {
			connection.close();
		}
		catch (IOException ex) {
			logger.debug("Cannot close the copy of a connection that a worker has been sent", ex);
		}
	}

}
