package io.github.clusterboot.master.control;

import java.io.IOException;

import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.ScoreboardFile;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.supervise.WorkerHandle;
import io.github.clusterboot.master.supervise.Workers;
import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The socket that workers connect to, for control and for handover.
 * <p>
 * Who connects is told by the kernel (see {@link NativeTransport#peer}): any process but
 * a worker that this master has started is dropped. May be used by any thread.
 */
public final class ControlServer implements AutoCloseable {

	private static final Log logger = MasterLog.of(ControlServer.class);

	private final NativeTransport transport = NativeTransport.current();

	private final MasterLoop loop;

	private final Workers workers;

	private final WorkerMessages messages;

	private final ScoreboardFile scoreboard;

	private final StrangerLog strangers = new StrangerLog();

	private @Nullable ControlSocket socket;

	private boolean closed;

	public ControlServer(MasterLoop loop, Workers workers, WorkerMessages messages, ScoreboardFile scoreboard) {
		this.loop = loop;
		this.workers = workers;
		this.messages = messages;
		this.scoreboard = scoreboard;
	}

	/**
	 * Listen, unless this listens there already. When this returns workers can connect. A
	 * socket that was listened on before is closed: channels that were opened over it
	 * stay open.
	 * @param directory where the socket should be
	 * @return whether it was not there
	 * @throws IOException if the socket cannot be made
	 */
	public synchronized boolean open(RunDirectory directory) throws IOException {
		ControlSocket before = this.socket;
		if (this.closed || (before != null && before.isAt(directory.socket()))) {
			return false;
		}
		this.socket = ControlSocket.listen(directory.socket(), this.loop, this::connected);
		if (before != null) {
			before.close();
		}
		return true;
	}

	private void connected(int descriptor) {
		Socket socket = new Socket(descriptor);
		try {
			NativeTransport.Peer peer = this.transport.peer(socket);
			boolean own = FileState.isOwn(peer.uid());
			DomainSocketChannel channel = this.transport.newDomainSocketChannel(descriptor);
			serve(channel, peer, own);
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.warn("A process that has connected cannot be listened to: " + ex);
			close(socket);
		}
	}

	/**
	 * A channel that cannot be served is closed, so that a worker at its other end does
	 * not wait for ever.
	 */
	private void serve(DomainSocketChannel channel, NativeTransport.Peer peer, boolean own) {
		if (!Steps.take("serve a worker that has connected", () -> connected(channel, peer, own))) {
			channel.unsafe().closeForcibly();
		}
	}

	private void connected(DomainSocketChannel channel, NativeTransport.Peer peer, boolean own) {
		if (own && isPerhapsJustStarted(peer)) {
			this.workers.whenStarted(() -> serve(channel, peer, own));
		}
		else {
			open(channel, peer, own);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			logger.debug("Cannot close a connection", ex);
		}
	}

	/**
	 * The starter may not have told yet which process it has just started.
	 */
	private boolean isPerhapsJustStarted(NativeTransport.Peer peer) {
		return this.workers.withPid(peer.pid()) == null && this.workers.beingStarted() > 0;
	}

	private void open(DomainSocketChannel channel, NativeTransport.Peer peer, boolean own) {
		WorkerHandle worker = own ? this.workers.withPid(peer.pid()) : null;
		if (worker == null) {
			this.strangers.dropped(peer);
			channel.unsafe().closeForcibly();
			return;
		}
		channel.pipeline().addLast(new FrameDecoder(), new OpeningHandler(worker, this.messages, this.scoreboard));
		this.loop.io().register(channel).addListener((registered) -> {
			if (!registered.isSuccess()) {
				logger.warn(worker + " cannot be listened to: " + registered.cause());
				// or it would wait for an answer for ever
				channel.unsafe().closeForcibly();
			}
		});
	}

	/**
	 * Stop listening.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.socket != null) {
			this.socket.close();
		}
	}

}
