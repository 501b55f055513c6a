package io.github.clusterboot.server.netty;

import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Knows whether a plain HTTP/1.1 connection is idle: between two requests, or before the
 * first, with nothing read that has not been answered. Its place is next to the codec,
 * since Reactor Netty queues requests after it. Used on the connection's event loop only.
 */
final class ConnectionWatch extends ChannelDuplexHandler {

	private final @Nullable DecoderState decoder;

	private int unanswered;

	private boolean informational;

	private long lastUsed = System.nanoTime();

	private ConnectionWatch(@Nullable DecoderState decoder) {
		this.decoder = decoder;
	}

	/**
	 * Watch a connection, and make it take part in the drain.
	 * @param channel the connection, with the handlers of Reactor Netty
	 * @param drain the drain
	 */
	static void install(Channel channel, NettyDrain drain) {
		if (channel instanceof ClusterSocketChannel connection) {
			HttpServerCodec codec = channel.pipeline().get(HttpServerCodec.class);
			if (codec != null && channel.pipeline().get(SslHandler.class) == null) {
				channel.pipeline()
					.addAfter(channel.pipeline().context(codec).name(), null,
							new ConnectionWatch(DecoderState.of(codec)));
			}
			LastAnswerHandler.install(channel, drain);
			drain.add(connection);
		}
	}

	private static @Nullable ConnectionWatch of(Channel channel) {
		return channel.pipeline().get(ConnectionWatch.class);
	}

	/**
	 * Return whether a connection is plain, speaks HTTP/1.1 and is idle.
	 * @param connection the connection
	 * @return whether nothing of it is in this process
	 */
	static boolean isIdle(ClusterSocketChannel connection) {
		ConnectionWatch watch = of(connection);
		return watch != null && connection.isActive() && connection.pipeline().get(HttpServerCodec.class) != null
				&& watch.isIdle(connection.pipeline())
				&& !(ChannelOperations.get(connection) instanceof HttpServerRequest)
				&& connection.unsafe().outboundBuffer() != null && connection.unsafe().outboundBuffer().isEmpty();
	}

	private boolean isIdle(Iterable<Map.Entry<String, ChannelHandler>> handlers) {
		return this.unanswered == 0 && this.decoder != null && this.decoder.isBetweenRequests()
				&& StreamSupport.stream(handlers.spliterator(), false)
					.allMatch((handler) -> DecoderState.isEmpty(handler.getValue()));
	}

	/**
	 * Return how long nothing has been read or written.
	 * @param connection the connection
	 * @return the time
	 */
	static Duration idleTime(ClusterSocketChannel connection) {
		ConnectionWatch watch = of(connection);
		return (watch != null) ? Duration.ofNanos(System.nanoTime() - watch.lastUsed) : Duration.ZERO;
	}

	/**
	 * Return whether a connection has a request besides the one that is being answered.
	 * @param channel the connection
	 * @return whether it has
	 */
	static boolean isAnotherRequestWaiting(Channel channel) {
		ConnectionWatch watch = of(channel);
		return watch != null && watch.unanswered > 1;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		this.lastUsed = System.nanoTime();
		if (message instanceof HttpRequest) {
			this.unanswered++;
		}
		context.fireChannelRead(message);
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		this.lastUsed = System.nanoTime();
		if (message instanceof HttpResponse response) {
			// after 101 Switching Protocols this connection no longer speaks HTTP/1.1
			this.informational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
		}
		if (message instanceof LastHttpContent && !this.informational) {
			context.write(message, promise.unvoid()).addListener((future) -> this.unanswered--);
		}
		else {
			context.write(message, promise);
		}
	}

}
