package io.github.clusterboot.worker;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
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
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardFile;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.awaitility.Awaitility;

import org.springframework.test.util.ReflectionTestUtils;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * The master's end of one handover channel, and of its hand-back channel, controlled by a
 * test.
 */
public final class FakeMaster implements AutoCloseable {

	static final WorkerIdentity WORKER = new WorkerIdentity(7, 3, ProcessHandle.current().pid(), 1);

	static final int ORDINAL = 2;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final RunDirectory directory;

	private final ScoreboardFile scoreboard;

	private final Socket listener;

	private final ServerSocketChannel server;

	private HandoverChannel workersEnd;

	private final HandoverChannels channels = new HandoverChannels();

	private SocketChannel channel;

	private Socket sending;

	private Socket receiving;

	private volatile SocketChannel handBack;

	private final boolean lending;

	private boolean listening;

	public FakeMaster() throws IOException {
		this(false);
	}

	/**
	 * Create a master.
	 * @param lending whether it lends its listening socket
	 * @throws IOException if it cannot be created
	 */
	FakeMaster(boolean lending) throws IOException {
		this.lending = lending;
		NativeTransport.load();
		this.directory = new RunDirectory(Files.createTempDirectory(Path.of("/tmp"), "fake-master-"));
		this.scoreboard = ScoreboardFile.create(this.directory.path());
		this.listener = LinuxSocket.newSocketStream(false);
		this.listener.bind(new InetSocketAddress("127.0.0.1", 0));
		this.listener.listen(100);
		this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		this.server.bind(UnixDomainSocketAddress.of(this.directory.socket()));
		this.workersEnd = openHandover();
	}

	private HandoverChannel openHandover() throws IOException {
		CompletableFuture<Void> opened = CompletableFuture.runAsync(this::acceptHandover);
		HandoverChannel workersEnd = HandoverChannel.open(this.directory, WORKER, "server",
				new Message.Listening(1, "127.0.0.1", port(), false, ORDINAL, this.lending), scoreboard(),
				this.channels);
		opened.join();
		return workersEnd;
	}

	private void acceptHandover() {
		try {
			this.channel = accept(new Message.OpenHandover(Message.PROTOCOL, WORKER.id(), "server"),
					new Message.HandoverOpened());
			this.sending = new Socket(SocketChannels.descriptorOf(this.channel));
			Awaitility.await().atMost(PATIENCE).until(() -> {
				int descriptor = this.sending.recvFd();
				this.receiving = (descriptor > 0) ? new Socket(descriptor) : null;
				return this.receiving != null;
			});
			if (this.lending) {
				this.sending.sendFd(this.listener.intValue());
			}
		}
		catch (IOException ex) {
			throw new CompletionException(ex);
		}
	}

	private SocketChannel accept(Message opening, Message answer) throws IOException {
		SocketChannel accepted = this.server.accept();
		DataInputStream in = new DataInputStream(Channels.newInputStream(accepted));
		if (!FrameCodec.read(in).equals(opening)) {
			throw new IOException("Unexpected");
		}
		accepted.write(ByteBuffer.wrap(FrameCodec.encode(answer)));
		accepted.configureBlocking(false);
		return accepted;
	}

	/**
	 * Return a link on which only listening, figures and handing back work.
	 * @return the link
	 * @throws IOException never
	 */
	public MasterLink link() throws IOException {
		MasterLink link = mock(MasterLink.class);
		given(link.listen(any(), any())).willAnswer((call) -> listenAgain());
		given(link.figures()).willReturn(figures());
		given(link.openHandBack(any())).willAnswer((call) -> openHandBack());
		return link;
	}

	/**
	 * A server that is stopped and started again listens again.
	 */
	private HandoverChannel listenAgain() throws IOException {
		if (this.listening) {
			this.channel.close();
			this.receiving.close();
			this.workersEnd = openHandover();
		}
		this.listening = true;
		return this.workersEnd;
	}

	/**
	 * Open the hand-back channel of a master that does not answer.
	 * @return never
	 * @throws IOException in any case
	 */
	HandBackChannel openHandBackWhenStopped() throws IOException {
		return HandBackChannel.open(this.directory, WORKER, "server");
	}

	HandBackChannel openHandBack() throws IOException {
		CompletableFuture<Void> opened = CompletableFuture.runAsync(() -> {
			try {
				this.handBack = accept(new Message.OpenHandBack(Message.PROTOCOL, WORKER.id(), "server"),
						new Message.HandBackOpened());
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		});
		HandBackChannel channel = HandBackChannel.open(this.directory, WORKER, "server");
		opened.join();
		return channel;
	}

	/**
	 * Receive a connection that the worker has handed back.
	 * @return the connection's descriptor, 0 if there is none, -1 at the end of the
	 * stream
	 * @throws IOException if that fails
	 */
	public int receiveHandedBack() throws IOException {
		return (this.handBack != null) ? new Socket(SocketChannels.descriptorOf(this.handBack)).recvFd() : 0;
	}

	/**
	 * Receive a connection that the worker has handed back.
	 * @return the connection
	 * @throws IOException if there is none
	 */
	public SocketChannel adoptHandedBack() throws IOException {
		int descriptor = receiveHandedBack();
		if (descriptor <= 0) {
			throw new IOException("Nothing was handed back");
		}
		return SocketChannels.adopt(descriptor, StandardProtocolFamily.INET);
	}

	HandoverChannel workersEnd() {
		return this.workersEnd;
	}

	HandoverChannels channels() {
		return this.channels;
	}

	Scoreboard scoreboard() {
		return this.scoreboard.scoreboard();
	}

	/**
	 * Return how many of the taken connections have not been closed.
	 * @return the number
	 */
	public long open() {
		return figures().connectionsTaken() - figures().connectionsClosed();
	}

	/**
	 * Return how many connections have been taken.
	 * @return the number
	 */
	public long taken() {
		return figures().connectionsTaken();
	}

	/**
	 * Return how many connections have been closed.
	 * @return the number
	 */
	public long closed() {
		return figures().connectionsClosed();
	}

	/**
	 * Break the worker's end of the handover channel: taking a connection fails from now
	 * on.
	 */
	public void breakHandover() {
		Object intake = ReflectionTestUtils.getField(this.workersEnd, "intake");
		Object arrivals = ReflectionTestUtils.getField(intake, "arrivals");
		((SelectionKey) ReflectionTestUtils.getField(arrivals, "handover")).cancel();
	}

	ScoreboardSlot figures() {
		return scoreboard().slot(WORKER.index());
	}

	public int port() {
		return this.listener.localAddress().getPort();
	}

	/**
	 * Accept a client's connection and hand it over.
	 * @param client the client
	 * @throws IOException if that fails
	 */
	public void handOver(java.net.Socket client) throws IOException {
		int descriptor = this.listener.accept(new byte[25]);
		if (descriptor < 0) {
			throw new IOException("The connection of " + client + " was not accepted");
		}
		handOver(descriptor);
	}

	/**
	 * Hand a connection over.
	 * @param descriptor the connection, owned by this method
	 * @throws IOException if that fails
	 */
	public void handOver(int descriptor) throws IOException {
		if (this.sending.sendFd(descriptor) < 0) {
			throw new IOException("The queue is full");
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
	 * Read what the worker has sent.
	 * @return the number of bytes, -1 at the end of the stream
	 * @throws IOException if that fails
	 */
	int read() throws IOException {
		return this.channel.read(ByteBuffer.allocate(100));
	}

	/**
	 * Close the hand-back channel, which may be opened again.
	 * @throws IOException if that fails
	 */
	public void breakHandBack() throws IOException {
		this.handBack.close();
	}

	/**
	 * Close the master's descriptors, as its death does.
	 * @throws IOException if that fails
	 */
	void die() throws IOException {
		this.channel.close();
		this.receiving.close();
		if (this.handBack != null) {
			this.handBack.close();
		}
	}

	@Override
	public void close() throws IOException {
		this.workersEnd.close();
		die();
		this.listener.close();
		this.server.close();
		this.scoreboard.close();
		try (Stream<Path> files = Files.walk(this.directory.path())) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

}
