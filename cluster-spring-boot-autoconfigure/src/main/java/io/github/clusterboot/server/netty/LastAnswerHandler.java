package io.github.clusterboot.server.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import reactor.netty.NettyPipeline;

/**
 * Adds {@code Connection: close} to an HTTP/1.1 answer that is sent during a drain, even
 * if the request came before it. Reactor Netty sees the header and ends the connection
 * with the answer.
 * <p>
 * It would then drop requests that a client has sent without waiting for the previous
 * answer, so an answer with further requests behind it is left alone.
 */
@Sharable
final class LastAnswerHandler extends ChannelOutboundHandlerAdapter {

	private static final String NAME = "cluster.lastAnswer";

	private final NettyDrain drain;

	private LastAnswerHandler(NettyDrain drain) {
		this.drain = drain;
	}

	/**
	 * Watch the answers of a connection, unless that has been done.
	 * @param channel the connection; streams of HTTP/2 are left alone
	 * @param drain says whether the server drains
	 */
	static void install(Channel channel, NettyDrain drain) {
		if (channel instanceof ClusterSocketChannel && channel.pipeline().get(NAME) == null
				&& channel.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
			// behind the handler that looks at the header
			channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, NAME, new LastAnswerHandler(drain));
		}
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpResponse response && this.drain.isDraining()
				&& response.status().codeClass() != HttpStatusClass.INFORMATIONAL
				&& !ConnectionWatch.isAnotherRequestWaiting(context.channel())) {
			response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
		}
		context.write(message, promise);
	}

}
