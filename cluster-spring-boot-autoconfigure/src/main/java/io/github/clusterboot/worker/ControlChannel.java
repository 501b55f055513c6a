package io.github.clusterboot.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.ipc.RunDirectory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The worker's end of its control channel.
 * <p>
 * All methods may be called from any thread, even one that is interrupted: once it is
 * connected the channel is used by its own two threads only, since an interrupt would
 * close it (see {@link java.nio.channels.InterruptibleChannel}).
 */
final class ControlChannel {

	private static final Log logger = LogFactory.getLog(ControlChannel.class);

	private final SocketChannel channel;

	private final DataInputStream in;

	private final Message.Welcome welcome;

	private final ExecutorService writer = Executors.newSingleThreadExecutor(daemon("cluster-link-write"));

	private ControlChannel(SocketChannel channel, DataInputStream in, Message.Welcome welcome) {
		this.channel = channel;
		this.in = in;
		this.welcome = welcome;
	}

	/**
	 * Connect to the master. Blocks until it answers.
	 * @param directory the master's run directory
	 * @param identity which worker this process is
	 * @return the channel, owned by the caller
	 * @throws IOException if there is no master, or it does not accept this process as
	 * its worker
	 */
	static ControlChannel connect(RunDirectory directory, WorkerIdentity identity) throws IOException {
		SocketChannel channel = MasterSocket.connect(directory);
		try {
			DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
			write(channel, new Message.Hello(Message.PROTOCOL, identity.id()));
			if (!(FrameCodec.read(in) instanceof Message.Welcome welcome) || welcome.protocol() != Message.PROTOCOL) {
				throw new ProtocolException("The master speaks another version of the protocol");
			}
			return new ControlChannel(channel, in, welcome);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private static void write(SocketChannel channel, Message message) throws IOException {
		ByteBuffer frame = ByteBuffer.wrap(FrameCodec.encode(message));
		while (frame.hasRemaining()) {
			channel.write(frame);
		}
	}

	private static ThreadFactory daemon(String name) {
		return (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		};
	}

	/**
	 * Return the master's answer to this worker's hello.
	 * @return the answer
	 */
	Message.Welcome welcome() {
		return this.welcome;
	}

	/**
	 * Begin to read. Must be called only once; returns immediately.
	 * @param receiver receives the master's messages
	 * @param onEnd called when reading has ended: the channel is closed, or the receiver
	 * has failed
	 */
	void read(Receiver receiver, Runnable onEnd) {
		daemon("cluster-link").newThread(() -> readAll(receiver, onEnd)).start();
	}

	private void readAll(Receiver receiver, Runnable onEnd) {
		try {
			while (true) {
				receiver.received(FrameCodec.read(this.in));
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			// whatever the cause: without this thread the master's end would go unnoticed
			logger.debug("The link to the master has ended", ex);
			onEnd.run();
		}
	}

	/**
	 * Send a message to the master. Returns at once.
	 * @param message the message
	 */
	void send(Message.FromWorker message) {
		this.writer.execute(() -> {
			try {
				write(this.channel, message);
			}
			catch (IOException ex) {
				// the reading thread notices it as well, and ends the process
				logger.debug("Cannot write to the master", ex);
			}
		});
	}

	/**
	 * Wait until the messages that have been sent so far are written.
	 * @param timeout how long to wait at most, since the master may be stopped
	 */
	void flush(Duration timeout) {
		try {
			this.writer.submit(() -> {
			}).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("The master does not read", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Close the channel.
	 * @throws IOException if the channel cannot be closed
	 */
	void close() throws IOException {
		this.channel.close();
	}

	/**
	 * Receives the master's messages, on the thread that reads them.
	 */
	@FunctionalInterface
	interface Receiver {

		void received(Message message) throws ProtocolException;

	}

}
