package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.os.Descriptors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;

/**
 * Receives the scoreboard from the master.
 */
final class ScoreboardChannel {

	/**
	 * A master that starts many workers at once is slow to answer.
	 */
	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private ScoreboardChannel() {
	}

	/**
	 * Ask the master for the scoreboard. Blocks until it is here.
	 * @param directory the master's run directory
	 * @param identity which worker this process is
	 * @return the scoreboard
	 * @throws IOException if the master does not send it, or it cannot be mapped
	 */
	static Scoreboard receive(RunDirectory directory, WorkerIdentity identity) throws IOException {
		try (SocketChannel channel = ChannelOpener.open(directory,
				new Message.OpenScoreboard(Message.PROTOCOL, identity.id()), Message.ScoreboardOpened.class, TIMEOUT)) {
			FileDescriptor descriptor = new FileDescriptor(receiveDescriptor(channel));
			try {
				return Scoreboard.open(Descriptors.pathOf(descriptor));
			}
			finally {
				descriptor.close();
			}
		}
	}

	private static int receiveDescriptor(SocketChannel channel) throws IOException {
		Socket socket = new Socket(SocketChannels.descriptorOf(channel));
		try (Selector selector = Selector.open()) {
			channel.register(selector, SelectionKey.OP_READ);
			long deadline = System.nanoTime() + TIMEOUT.toNanos();
			int descriptor = socket.recvFd();
			while (descriptor == 0) {
				long rest = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
				if (rest <= 0) {
					throw new IOException("The master has not sent the scoreboard in time");
				}
				selector.select(rest);
				selector.selectedKeys().clear();
				descriptor = socket.recvFd();
			}
			if (descriptor < 0) {
				throw new IOException("The master has not sent the scoreboard");
			}
			return descriptor;
		}
	}

}
