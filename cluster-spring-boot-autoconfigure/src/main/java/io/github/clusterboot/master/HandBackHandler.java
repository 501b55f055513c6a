package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.ipc.SpareDescriptor;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Receives the idle connections that a draining worker hands back, and dispatches them as
 * if they had just been accepted.
 * <p>
 * Each is read when a worker has room for it, and the master a spare descriptor: what
 * waits meanwhile is kept by the kernel. When the worker ends, what is still queued is
 * read at once, since nobody else could.
 */
final class HandBackHandler extends ChannelInboundHandlerAdapter {

	private static final Log logger = LogFactory.getLog(HandBackHandler.class);

	/**
	 * How long to leave connections alone that there is no room for.
	 */
	private static final Duration PAUSE = Duration.ofMillis(5);

	private final WorkerHandle worker;

	private final Listener listener;

	private final WorkerMessages messages;

	private long received;

	HandBackHandler(WorkerHandle worker, Listener listener, WorkerMessages messages) {
		this.worker = worker;
		this.listener = listener;
		this.messages = messages;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		readIfRoom(context);
	}

	private void readIfRoom(ChannelHandlerContext context) {
		if (!context.channel().isActive()) {
			return;
		}
		if (this.listener.dispatcher().hasRoom() && SpareDescriptor.isAvailable()) {
			context.read();
		}
		else {
			context.executor().schedule(() -> readIfRoom(context), PAUSE.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
		if (!(message instanceof FileDescriptor connection)) {
			ReferenceCountUtil.release(message);
			throw new ProtocolException("A hand-back channel carries nothing but descriptors");
		}
		this.received++;
		this.listener.dispatcher().dispatch(connection);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		if (!this.listener.dispatcher().hasRoom()) {
			// so that the workers are asked to tell when they have some
			this.messages.room();
		}
		readIfRoom(context);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.received > 0) {
			logger.info(this.worker + " has handed back " + this.received + " idle "
					+ ((this.received == 1) ? "connection" : "connections") + " of '" + this.listener.name() + "'");
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.warn("The hand-back channel of " + this.worker + " is closed: " + cause.getMessage());
		context.close();
	}

}
