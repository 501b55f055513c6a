package io.github.clusterboot.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.NativeTransport;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.awaitility.Awaitility;

/**
 * The master's end of one handover channel, in the hands of a test.
 */
final class FakeMaster implements AutoCloseable {

	static final WorkerIdentity WORKER = new WorkerIdentity(7, 3, ProcessHandle.current().pid(), 1);

	static final int ORDINAL = 2;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final RunDirectory directory;

	private final Scoreboard scoreboard;

	private final Socket listener;

	private final HandoverChannel workersEnd;

	private final HandoverChannels channels = new HandoverChannels();

	private SocketChannel channel;

	private Socket sending;

	private Socket receiving;

	FakeMaster() throws IOException {
		NativeTransport.load();
		this.directory = new RunDirectory(Files.createTempDirectory(Path.of("/tmp"), "fake-master-"));
		this.scoreboard = Scoreboard.create(this.directory.scoreboard());
		this.listener = LinuxSocket.newSocketStream(false);
		this.listener.bind(new InetSocketAddress("127.0.0.1", 0));
		this.listener.listen(100);
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(this.directory.socket()));
			CompletableFuture<Void> opened = CompletableFuture.runAsync(() -> accept(server));
			this.workersEnd = HandoverChannel.open(this.directory, WORKER, "server",
					new Message.Listening(1, "127.0.0.1", port(), false, ORDINAL), this.scoreboard, this.channels);
			opened.join();
		}
	}

	private void accept(ServerSocketChannel server) {
		try {
			this.channel = server.accept();
			DataInputStream in = new DataInputStream(Channels.newInputStream(this.channel));
			if (!FrameCodec.read(in).equals(new Message.OpenHandover(Message.PROTOCOL, WORKER.id(), "server"))) {
				throw new IOException("Unexpected");
			}
			this.channel.write(ByteBuffer.wrap(FrameCodec.encode(new Message.HandoverOpened())));
			this.channel.configureBlocking(false);
			this.sending = new Socket(SocketChannels.descriptorOf(this.channel));
			Awaitility.await().atMost(PATIENCE).until(() -> {
				int descriptor = this.sending.recvFd();
				this.receiving = (descriptor > 0) ? new Socket(descriptor) : null;
				return this.receiving != null;
			});
		}
		catch (IOException ex) {
			throw new CompletionException(ex);
		}
	}

	HandoverChannel workersEnd() {
		return this.workersEnd;
	}

	HandoverChannels channels() {
		return this.channels;
	}

	Scoreboard scoreboard() {
		return this.scoreboard;
	}

	Scoreboard.Slot figures() {
		return this.scoreboard.slot(WORKER.index());
	}

	int port() {
		return this.listener.localAddress().getPort();
	}

	/**
	 * Accept a client's connection and hand it over.
	 * @param client the client
	 * @throws IOException if that fails
	 */
	void handOver(java.net.Socket client) throws IOException {
		int descriptor = this.listener.accept(new byte[25]);
		if (descriptor < 0 || this.sending.sendFd(descriptor) < 0) {
			throw new IOException("The connection of " + client + " was not handed over");
		}
		new FileDescriptor(descriptor).close();
	}

	/**
	 * Take a connection back.
	 * @return the descriptor, 0 if there is none
	 * @throws IOException if that fails
	 */
	int takeBack() throws IOException {
		return this.receiving.recvFd();
	}

	/**
	 * Read what the worker says.
	 * @return the number of bytes, -1 at the end of the stream
	 * @throws IOException if that fails
	 */
	int read() throws IOException {
		return this.channel.read(ByteBuffer.allocate(100));
	}

	/**
	 * Close the master's descriptors, as its death does.
	 * @throws IOException if that fails
	 */
	void die() throws IOException {
		this.channel.close();
		this.receiving.close();
	}

	@Override
	public void close() throws IOException {
		this.workersEnd.close();
		die();
		this.listener.close();
		try (Stream<Path> files = Files.walk(this.directory.path())) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

}
