package io.github.clusterboot.master.control;

import java.io.IOException;

import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.ipc.ScoreboardFile;
import io.github.clusterboot.master.dispatch.Listener;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.supervise.WorkerHandle;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;

/**
 * Reads the first frame of a channel, which says what the channel is for, and makes way
 * for the handler that serves it.
 */
final class OpeningHandler extends SimpleChannelInboundHandler<Message.FromWorker> {

	private static final Log logger = MasterLog.of(OpeningHandler.class);

	private final WorkerHandle worker;

	private final WorkerMessages messages;

	private final ScoreboardFile scoreboard;

	OpeningHandler(WorkerHandle worker, WorkerMessages messages, ScoreboardFile scoreboard) {
		this.worker = worker;
		this.messages = messages;
		this.scoreboard = scoreboard;
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, Message.FromWorker message) throws IOException {
		if (message instanceof Message.Hello hello) {
			check(hello.protocol(), hello.worker());
			openControl(context);
		}
		else if (message instanceof Message.OpenScoreboard open) {
			check(open.protocol(), open.worker());
			sendScoreboard(context);
		}
		else if (message instanceof Message.OpenHandover open) {
			check(open.protocol(), open.worker());
			openHandover(context, open.listener());
		}
		else if (message instanceof Message.OpenHandBack open) {
			check(open.protocol(), open.worker());
			openHandBack(context, open.listener());
		}
		else {
			throw new ProtocolException("A channel cannot begin with " + message.getClass().getSimpleName());
		}
	}

	private void check(int protocol, int id) throws ProtocolException {
		if (protocol != Message.PROTOCOL) {
			throw new ProtocolException(
					"The worker speaks protocol version " + protocol + ", the master " + Message.PROTOCOL);
		}
		if (id != this.worker.identity().id()) {
			throw new ProtocolException("The worker says that its id is " + id);
		}
	}

	private void openControl(ChannelHandlerContext context) throws ProtocolException {
		if (this.worker.isConnected()) {
			throw new ProtocolException("The worker has a control channel already");
		}
		ControlChannel control = new ControlChannel(this.worker.identity(), context.channel(), this.worker.lastEvent());
		context.pipeline().replace(this, null, new ControlHandler(this.worker, control, this.messages));
		this.messages.online(this.worker, control);
	}

	private void sendScoreboard(ChannelHandlerContext context) throws ProtocolException {
		context.write(frame(new Message.ScoreboardOpened()));
		context.writeAndFlush(this.scoreboard.descriptor()).addListener(ChannelFutureListener.CLOSE);
	}

	private void openHandover(ChannelHandlerContext context, String name) throws IOException {
		HandoverHandler handler = new HandoverHandler(this.worker, listener(name), this.messages);
		receiveDescriptors(context, handler, new Message.HandoverOpened());
	}

	private void openHandBack(ChannelHandlerContext context, String name) throws IOException {
		if (!this.messages.takesBack()) {
			context.close();
			return;
		}
		// this handler decides when it reads
		context.channel().config().setAutoRead(false);
		DomainSocketChannel channel = (DomainSocketChannel) context.channel();
		HandBackHandler handler = new HandBackHandler(this.worker, listener(name), this.messages,
				new Socket(channel.fd().intValue()));
		receiveDescriptors(context, handler, new Message.HandBackOpened());
	}

	private Listener listener(String name) throws ProtocolException {
		Listener listener = this.messages.listener(name);
		if (listener == null) {
			throw new ProtocolException("There is no listener '" + name + "'");
		}
		return listener;
	}

	private void receiveDescriptors(ChannelHandlerContext context, ChannelHandler handler, Message answer)
			throws IOException {
		DomainSocketChannel channel = (DomainSocketChannel) context.channel();
		context.pipeline().remove(FrameDecoder.class);
		// the next thing that the worker sends, once it has the answer, is a descriptor
		channel.config().setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
		context.pipeline().replace(this, null, handler);
		channel.writeAndFlush(frame(answer));
	}

	private static ByteBuf frame(Message message) throws ProtocolException {
		return Unpooled.wrappedBuffer(FrameCodec.encode(message));
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.warn("A channel of " + this.worker + " is closed: " + cause.getMessage());
		context.close();
	}

}
