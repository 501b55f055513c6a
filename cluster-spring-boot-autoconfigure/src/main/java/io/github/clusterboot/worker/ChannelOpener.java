package io.github.clusterboot.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.ipc.RunDirectory;

/**
 * Opens channels to the master that carry descriptors. Only the first frame in each
 * direction is a {@link Message}.
 */
final class ChannelOpener {

	private ChannelOpener() {
	}

	/**
	 * Open a channel. Blocks until the master has accepted it.
	 * @param directory the master's run directory
	 * @param opening the message that says what the channel is for
	 * @param accepted the type of the master's answer if it accepts the channel
	 * @param timeout how long to wait for the answer
	 * @return the channel, non-blocking, owned by the caller
	 * @throws SocketTimeoutException if the master does not answer in time
	 * @throws IOException if the master does not accept it
	 */
	static SocketChannel open(RunDirectory directory, Message.FromWorker opening, Class<?> accepted, Duration timeout)
			throws IOException {
		SocketChannel channel = MasterSocket.connect(directory);
		try (Selector selector = Selector.open()) {
			// such a frame fits into the empty buffer of a new socket
			channel.write(ByteBuffer.wrap(FrameCodec.encode(opening)));
			channel.configureBlocking(false);
			channel.register(selector, SelectionKey.OP_READ);
			DataInputStream in = new DataInputStream(new TimedInput(channel, selector, timeout));
			if (!accepted.isInstance(FrameCodec.read(in))) {
				throw new ProtocolException("The master has not opened the channel");
			}
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
		return channel;
	}

	/**
	 * Reads until a deadline: a Unix socket channel has no timeout.
	 */
	private static final class TimedInput extends InputStream {

		private final SocketChannel channel;

		private final Selector selector;

		private final long deadline;

		private TimedInput(SocketChannel channel, Selector selector, Duration timeout) {
			this.channel = channel;
			this.selector = selector;
			this.deadline = System.nanoTime() + timeout.toNanos();
		}

		@Override
		public int read() throws IOException {
			byte[] next = new byte[1];
			return (read(next, 0, 1) > 0) ? Byte.toUnsignedInt(next[0]) : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
			ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
			int count = this.channel.read(buffer);
			while (count == 0 && buffer.hasRemaining()) {
				await();
				count = this.channel.read(buffer);
			}
			return count;
		}

		private void await() throws IOException {
			long rest = Duration.ofNanos(this.deadline - System.nanoTime()).toMillis();
			if (rest <= 0) {
				throw new SocketTimeoutException("The master has not answered in time");
			}
			this.selector.select(rest);
			this.selector.selectedKeys().clear();
		}

	}

}
