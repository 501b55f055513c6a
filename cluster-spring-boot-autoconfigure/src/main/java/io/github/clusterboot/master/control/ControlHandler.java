package io.github.clusterboot.master.control;

import java.io.IOException;

import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.supervise.WorkerHandle;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.unix.Errors.NativeIoException;
import org.apache.commons.logging.Log;

/**
 * Serves a worker's control channel.
 */
final class ControlHandler extends SimpleChannelInboundHandler<Message.FromWorker> {

	private static final Log logger = MasterLog.of(ControlHandler.class);

	private final WorkerHandle worker;

	private final ControlChannel control;

	private final WorkerMessages messages;

	ControlHandler(WorkerHandle worker, ControlChannel control, WorkerMessages messages) {
		this.worker = worker;
		this.control = control;
		this.messages = messages;
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, Message.FromWorker message) throws IOException {
		this.messages.received(this.worker, this.control, message);
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		this.messages.writable(this.control);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.messages.disconnected(this.worker, this.control);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (cause instanceof NativeIoException) {
			// the worker's end is gone, and with it most likely the worker
			logger.debug("The control channel of " + this.worker + " has broken", cause);
		}
		else {
			logger.warn("The control channel of " + this.worker + " is closed: " + cause.getMessage());
		}
		context.close();
	}

}
