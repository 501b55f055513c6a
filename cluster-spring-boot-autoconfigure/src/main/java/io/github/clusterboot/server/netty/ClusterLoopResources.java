package io.github.clusterboot.server.netty;

import java.util.function.Supplier;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of other resources, with a server channel that takes its connections
 * from the master. Those are channels of the JDK, so the NIO transport is used.
 */
final class ClusterLoopResources implements LoopResources {

	private final LoopResources resources;

	private final Supplier<ClusterServerChannel> channels;

	ClusterLoopResources(LoopResources resources, Supplier<ClusterServerChannel> channels) {
		this.resources = resources;
		this.channels = channels;
	}

	@Override
	public boolean daemon() {
		return this.resources.daemon();
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.resources.onServer(false);
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return this.resources.onServerSelect(false);
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
		return (channelType == ServerSocketChannel.class) ? channelType.cast(this.channels.get())
				: this.resources.onChannel(channelType, group);
	}

	@Override
	public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
		return this.resources.onChannelClass(channelType, group);
	}

}
