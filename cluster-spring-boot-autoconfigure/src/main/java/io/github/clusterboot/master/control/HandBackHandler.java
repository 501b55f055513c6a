package io.github.clusterboot.master.control;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.ProtocolException;
import io.github.clusterboot.master.dispatch.Listener;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.supervise.WorkerHandle;
import io.github.clusterboot.os.Errno;
import io.github.clusterboot.os.SpareDescriptor;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.util.ReferenceCountUtil;
import org.apache.commons.logging.Log;

/**
 * Receives the idle connections that a draining worker hands back, and dispatches them as
 * if they had just been accepted.
 * <p>
 * Each is received when a worker has room for it and the master a spare descriptor; what
 * waits meanwhile is kept by the kernel. So Netty reads nothing: this handler polls for
 * as long as the worker drains. When the worker's end closes, Netty itself reads the
 * rest, see {@code AbstractEpollChannel.epollRdHupReady} and
 * {@code AbstractKQueueChannel.readEOF}.
 */
final class HandBackHandler extends ChannelInboundHandlerAdapter {

	private static final Log logger = MasterLog.of(HandBackHandler.class);

	private static final Duration INTERVAL = Duration.ofMillis(5);

	private final WorkerHandle worker;

	private final Listener listener;

	private final WorkerMessages messages;

	private final Socket socket;

	private long received;

	/**
	 * Create a handler.
	 * @param worker the worker that hands back
	 * @param listener the listener that the connections are of
	 * @param messages is told if connections have to wait
	 * @param socket the socket of the channel, which the channel owns
	 */
	HandBackHandler(WorkerHandle worker, Listener listener, WorkerMessages messages, Socket socket) {
		this.worker = worker;
		this.listener = listener;
		this.messages = messages;
		this.socket = socket;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		receiveLater(context);
	}

	private void receiveLater(ChannelHandlerContext context) {
		context.executor().schedule(() -> receive(context), INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void receive(ChannelHandlerContext context) {
		if (!context.channel().isActive()) {
			return;
		}
		try {
			while (hasRoom() && SpareDescriptor.isAvailable()) {
				int descriptor = this.socket.recvFd();
				if (descriptor < 0) {
					context.close();
					return;
				}
				if (descriptor == 0) {
					break;
				}
				received(new FileDescriptor(descriptor));
			}
			receiveLater(context);
		}
		catch (NativeIoException ex) {
			if (Errno.isBroken(ex)) {
				exceptionCaught(context, ex);
			}
			else {
				receiveLater(context);
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			exceptionCaught(context, ex);
		}
	}

	private boolean hasRoom() {
		if (this.listener.hasRoom()) {
			return true;
		}
		// so that the workers are asked to tell when they have some
		this.messages.room();
		return this.listener.hasRoom();
	}

	private void received(FileDescriptor connection) {
		this.received++;
		this.listener.dispatch(connection);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
		if (!(message instanceof FileDescriptor connection)) {
			ReferenceCountUtil.release(message);
			throw new ProtocolException("A hand-back channel carries nothing but descriptors");
		}
		received(connection);
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
