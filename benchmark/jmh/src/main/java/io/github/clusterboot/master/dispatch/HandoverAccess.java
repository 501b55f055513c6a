package io.github.clusterboot.master.dispatch;

import java.io.IOException;

import io.netty.channel.unix.FileDescriptor;

/**
 * Hands over without a scheduler, for benchmarks.
 */
public final class HandoverAccess {

	/**
	 * How many connections may wait for one worker.
	 */
	public static final int WINDOW = Handover.WINDOW;

	private HandoverAccess() {
	}

	/**
	 * Send a connection to the worker.
	 * @param handover the way to the worker
	 * @param connection the connection
	 * @return {@code false} if the kernel's queue is full
	 * @throws IOException if the channel is broken
	 */
	public static boolean send(Handover handover, FileDescriptor connection) throws IOException {
		return handover.send(connection);
	}

}
