package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;

import io.github.clusterboot.ipc.NativeTransport;
import io.github.clusterboot.ipc.RunDirectory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import org.apache.commons.logging.Log;

/**
 * The socket that workers connect to, for control and for handover.
 * <p>
 * Who connects is told by the kernel (see {@link NativeTransport#peer}): any process but
 * a worker that this master has started is dropped.
 */
final class ControlServer {

	private static final Log logger = MasterLog.of(ControlServer.class);

	private final NativeTransport transport = NativeTransport.current();

	private final MasterLoop loop;

	private final Workers workers;

	private final WorkerMessages messages;

	ControlServer(MasterLoop loop, Workers workers, WorkerMessages messages) {
		this.loop = loop;
		this.workers = workers;
		this.messages = messages;
	}

	/**
	 * Listen. Returns when workers can connect; must not be called on the event loop.
	 * @param directory where the socket is
	 * @throws IOException if the socket cannot be made
	 */
	void open(RunDirectory directory) throws IOException {
		int uid = (Integer) Files.getAttribute(directory.path(), "unix:uid");
		new ServerBootstrap().group(this.loop.io())
			.channel(this.transport.serverDomainSocketChannel())
			// nothing is read before it is known who has connected
			.childOption(ChannelOption.AUTO_READ, false)
			.childHandler(new ChannelInitializer<DomainSocketChannel>() {

				@Override
				protected void initChannel(DomainSocketChannel channel) throws IOException {
					ControlServer.this.connected(channel, uid);
				}

			})
			.bind(new DomainSocketAddress(directory.socket().toFile()))
			.syncUninterruptibly();
	}

	private void connected(DomainSocketChannel channel, int uid) throws IOException {
		NativeTransport.Peer peer = this.transport.peer(channel);
		if (peer.uid() == uid && this.workers.withPid(peer.pid()) == null && this.workers.beingStarted() > 0) {
			// the starter may not have told yet which process it has just started
			this.workers
				.whenStarted(() -> Steps.take("serve a worker that has connected", () -> serve(channel, peer, uid)));
			return;
		}
		serve(channel, peer, uid);
	}

	private void serve(DomainSocketChannel channel, NativeTransport.Peer peer, int uid) {
		WorkerHandle worker = (peer.uid() == uid) ? this.workers.withPid(peer.pid()) : null;
		if (worker == null) {
			logger.warn("Process " + peer.pid() + " of user " + peer.uid()
					+ " has connected to the master but is none of its workers: dropped");
			channel.close();
			return;
		}
		channel.pipeline().addLast(new FrameDecoder(), new OpeningHandler(worker, this.messages));
		channel.config().setAutoRead(true);
	}

}
