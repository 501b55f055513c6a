package io.github.clusterboot.master.socket;

import java.io.IOException;

import io.netty.channel.unix.Socket;

/**
 * A filter that lets a listening socket begin no new handshake, while those under way
 * complete.
 * <p>
 * A listening socket that is closed resets every connection in its queue, and one that
 * arrives between the last {@code accept(2)} and the close can no longer be accepted.
 * Behind this filter the queue runs dry first: the kernel drops {@code SYN} segments, so
 * a client repeats its own after a second and is refused by then. Connections inherit the
 * filter, which is harmless to them.
 * <p>
 * The program is given a segment from its TCP header on, and says how much of it to keep.
 */
public final class SynFilter {

	private static final int SO_ATTACH_FILTER = 26;

	/** Where the flags are in a TCP header, see RFC 9293. */
	private static final int TCP_FLAGS = 13;

	private static final int TCP_SYN = 0x02;

	private static final int NOTHING = 0;

	private static final int EVERYTHING = -1;

	private SynFilter() {
	}

	/**
	 * Attach the filter.
	 * @param socket a listening socket
	 * @throws IOException if the kernel does not take it
	 */
	public static void attach(Socket socket) throws IOException {
		new BpfProgram(4).loadByte(TCP_FLAGS)
			.endIfSet(TCP_SYN, NOTHING)
			.end(EVERYTHING)
			.attach(socket, SO_ATTACH_FILTER);
	}

}
