package io.github.clusterboot.master.control;

import java.io.IOException;

import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.master.dispatch.Handover;
import io.github.clusterboot.master.dispatch.Listener;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.supervise.WorkerHandle;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.ReferenceCountUtil;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Serves the worker's side of a handover channel. The worker sends its end of the
 * channel; after that a byte whenever it has taken a connection while the master wants
 * room; and it ends the stream when its server no longer listens. The master's duplicate
 * of the worker's end keeps the channel open otherwise.
 */
final class HandoverHandler extends ChannelInboundHandlerAdapter {

	private static final Log logger = MasterLog.of(HandoverHandler.class);

	private final WorkerHandle worker;

	private final Listener listener;

	private final WorkerMessages messages;

	private @Nullable Handover handover;

	HandoverHandler(WorkerHandle worker, Listener listener, WorkerMessages messages) {
		this.worker = worker;
		this.listener = listener;
		this.messages = messages;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
		if (message instanceof FileDescriptor descriptor) {
			open((DomainSocketChannel) context.channel(), descriptor);
		}
		else {
			ReferenceCountUtil.release(message);
			this.messages.room();
		}
	}

	private void open(DomainSocketChannel channel, FileDescriptor receiving) throws IOException {
		if (this.handover != null) {
			receiving.close();
			throw new ProtocolException("A handover channel carries one descriptor to the master");
		}
		channel.config().setReadMode(DomainSocketReadMode.BYTES);
		this.handover = new Handover(this.worker, this.listener, channel, new Socket(receiving.intValue()));
		this.messages.opened(this.worker, this.handover);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.handover != null) {
			this.messages.closed(this.handover);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.warn("The handover channel of " + this.worker + " is closed, so it is replaced: " + cause.getMessage());
		context.close();
		this.messages.broken(this.worker);
	}

}
