package io.github.clusterboot.master.control;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.master.loop.Durations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a worker sends into messages, see {@link FrameCodec}. Frames that are
 * malformed, too long, or not complete in time are errors.
 */
final class FrameDecoder extends LengthFieldBasedFrameDecoder {

	static final Duration TIME_TO_COMPLETE = Duration.ofSeconds(5);

	private @Nullable Future<?> deadline;

	FrameDecoder() {
		super(FrameCodec.LENGTH_FIELD + FrameCodec.MAX_LENGTH, 0, FrameCodec.LENGTH_FIELD, 0, FrameCodec.LENGTH_FIELD);
	}

	@Override
	protected @Nullable Object decode(ChannelHandlerContext context, ByteBuf in) throws Exception {
		ByteBuf frame = (ByteBuf) super.decode(context, in);
		if (frame == null) {
			return null;
		}
		// what follows is another frame, which has its own time
		endWatch();
		try {
			Message message = FrameCodec.decode(ByteBufUtil.getBytes(frame));
			if (message instanceof Message.FromWorker) {
				return message;
			}
			throw new ProtocolException("A worker does not send " + message.getClass().getSimpleName());
		}
		finally {
			frame.release();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) throws Exception {
		watchHalfFrame(context);
		super.channelReadComplete(context);
	}

	@Override
	protected void handlerRemoved0(ChannelHandlerContext context) {
		endWatch();
	}

	private void watchHalfFrame(ChannelHandlerContext context) {
		if (actualReadableBytes() == 0) {
			endWatch();
		}
		else if (this.deadline == null) {
			this.deadline = context.executor()
				.schedule(
						() -> context.fireExceptionCaught(new ProtocolException(
								"A frame was not complete within " + Durations.format(TIME_TO_COMPLETE))),
						TIME_TO_COMPLETE.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void endWatch() {
		if (this.deadline != null) {
			this.deadline.cancel(false);
			this.deadline = null;
		}
	}

}
