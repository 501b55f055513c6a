package io.github.clusterboot.master;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.ReferenceCountUtil;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Serves the worker's side of a handover channel. The worker sends its end of the
 * channel; after that a byte whenever it has taken a connection while the master wants
 * room; and it ends the stream when its server does not listen any more. The master's
 * duplicate of the worker's end keeps the channel open otherwise.
 */
final class HandoverHandler extends ChannelInboundHandlerAdapter {

	private static final Log logger = LogFactory.getLog(HandoverHandler.class);

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
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof FileDescriptor descriptor) {
			EpollDomainSocketChannel channel = (EpollDomainSocketChannel) context.channel();
			channel.config().setReadMode(DomainSocketReadMode.BYTES);
			this.handover = new Handover(this.worker, this.listener, channel, new Socket(descriptor.intValue()));
			this.messages.opened(this.handover);
		}
		else {
			ReferenceCountUtil.release(message);
			this.messages.room();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.handover != null) {
			this.messages.closed(this.handover);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.warn("The handover channel of " + this.worker + " is closed: " + cause.getMessage());
		context.close();
	}

}
