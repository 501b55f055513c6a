package io.github.clusterboot.master.control;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.Scheduling;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardFile;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.dispatch.Handover;
import io.github.clusterboot.master.dispatch.HandoverAccess;
import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.dispatch.Listener;
import io.github.clusterboot.master.dispatch.Listeners;
import io.github.clusterboot.master.dispatch.Receiver;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.socket.PassedSockets;
import io.github.clusterboot.os.NativeTransport;
import io.github.clusterboot.worker.TakingWorker;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;

/**
 * The master's half of a benchmark, with one worker in the same process: its event loop,
 * its listener and its handover, over the sockets that a cluster has. Without processes,
 * supervision and timers.
 */
final class HandingMaster implements Closeable {

	private static final WorkerIdentity WORKER = new WorkerIdentity(1, 0, ProcessHandle.current().pid(), 1);

	private static final int BACKLOG = 1024;

	private static final long PATIENCE_SECONDS = 10;

	private final RunDirectory directory;

	private final ScoreboardFile scoreboardFile;

	private final Scoreboard scoreboard;

	private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1,
			NativeTransport.current().newIoHandlerFactory());

	private ControlSocket control;

	private final Listener listener;

	private final Handover handover;

	private final TakingWorker worker;

	HandingMaster() throws IOException {
		NativeTransport.load();
		this.directory = new RunDirectory(Files.createTempDirectory(Path.of("/tmp"), "cluster-benchmark-"));
		this.scoreboardFile = ScoreboardFile.create(this.directory.path());
		this.scoreboard = this.scoreboardFile.scoreboard();
		this.listener = listen();
		CompletableFuture<Handover> opened = new CompletableFuture<>();
		awaitWorker(opened);
		this.worker = new TakingWorker(this.directory, WORKER, this.listener.socket().address(), this.scoreboard);
		this.handover = await(opened);
		onLoop(() -> {
			this.listener.add(this.handover);
			this.listener.resume();
		});
	}

	private Listener listen() throws IOException {
		Listeners listeners = new Listeners(Scheduling.ROUND_ROBIN, BACKLOG, new MasterLoop(this.loop.next()),
				this.scoreboard, PassedSockets.of(Map.of(), this.directory.path()), ListenObserver.NONE);
		return listeners.listen("server", new InetSocketAddress("127.0.0.1", 0));
	}

	private void awaitWorker(CompletableFuture<Handover> opened) throws IOException {
		this.control = ControlSocket.listen(this.directory.socket(), new MasterLoop(this.loop.next()), (descriptor) -> {
			DomainSocketChannel channel = NativeTransport.current().newDomainSocketChannel(descriptor);
			channel.pipeline().addLast(new FrameDecoder(), new Opening(opened));
			this.loop.next().register(channel);
		});
	}

	private void onLoop(Task task) throws IOException {
		CompletableFuture<Handover> done = new CompletableFuture<>();
		this.loop.next().execute(() -> {
			try {
				task.run();
				done.complete(this.handover);
			}
			catch (IOException | RuntimeException ex) {
				done.completeExceptionally(ex);
			}
		});
		await(done);
	}

	private static Handover await(CompletableFuture<Handover> future) throws IOException {
		try {
			return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IOException("The handover does not work", ex);
		}
	}

	InetSocketAddress address() {
		return this.listener.socket().address();
	}

	TakingWorker worker() {
		return this.worker;
	}

	/**
	 * Send a connection to the worker, not on the event loop: nothing else may be sent
	 * meanwhile.
	 * @param connection the connection's descriptor, which stays open
	 * @throws IOException if it cannot be sent
	 */
	void send(int connection) throws IOException {
		if (!HandoverAccess.send(this.handover, new SharedDescriptor(connection))) {
			throw new IOException("The queue is full");
		}
	}

	@Override
	public void close() throws IOException {
		onLoop(this.listener::close);
		this.worker.close();
		this.control.close();
		this.loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		Files.deleteIfExists(this.directory.socket());
		this.scoreboardFile.close();
		Files.deleteIfExists(this.directory.path());
	}

	/**
	 * What runs on the event loop.
	 */
	private interface Task {

		void run() throws IOException;

	}

	/**
	 * Accepts the worker's channel as {@link OpeningHandler} and {@link HandoverHandler}
	 * do.
	 */
	private final class Opening extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<Handover> opened;

		private Opening(CompletableFuture<Handover> opened) {
			this.opened = opened;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
			DomainSocketChannel channel = (DomainSocketChannel) context.channel();
			if (message instanceof Message.OpenHandover) {
				context.pipeline().remove(FrameDecoder.class);
				channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
				channel.writeAndFlush(Unpooled.wrappedBuffer(FrameCodec.encode(new Message.HandoverOpened())));
			}
			else if (message instanceof FileDescriptor receiving) {
				channel.config().setReadMode(DomainSocketReadMode.BYTES);
				this.opened.complete(new Handover(new ReadyWorker(HandingMaster.this.scoreboard.slot(WORKER.index())),
						HandingMaster.this.listener, channel, new Socket(receiving.intValue())));
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			this.opened.completeExceptionally(cause);
			context.close();
		}

	}

	/**
	 * A worker that has been ready for long.
	 *
	 * @param slot its figures
	 */
	private record ReadyWorker(ScoreboardSlot slot) implements Receiver {

		@Override
		public int index() {
			return WORKER.index();
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public Duration sinceReady() {
			return Duration.ofHours(1);
		}

		@Override
		public boolean send(Message.FromMaster message) {
			return false;
		}

	}

	/**
	 * A handover closes what it has sent. This is sent again.
	 */
	private static final class SharedDescriptor extends FileDescriptor {

		SharedDescriptor(int descriptor) {
			super(descriptor);
		}

		@Override
		public void close() {
			// stays open
		}

	}

}
