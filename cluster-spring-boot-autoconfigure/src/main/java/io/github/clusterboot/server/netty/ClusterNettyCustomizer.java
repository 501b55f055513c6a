package io.github.clusterboot.server.netty;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Has an embedded Reactor Netty serve the connections that the master hands over. Does
 * nothing if this process is not a worker.
 */
public final class ClusterNettyCustomizer
		implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

	private final ObjectProvider<MasterLink> link;

	private final ObjectProvider<ReactorResourceFactory> resources;

	private final ListenerNames listeners;

	/**
	 * Create a customizer.
	 * @param link the link to the master, if there is one
	 * @param resources the resources that the server would use
	 * @param listeners the names of the listeners; the connections come from the first
	 */
	public ClusterNettyCustomizer(ObjectProvider<MasterLink> link, ObjectProvider<ReactorResourceFactory> resources,
			ListenerNames listeners) {
		this.link = link;
		this.resources = resources;
		this.listeners = listeners;
	}

	/**
	 * A server with a negative port does not listen, so it does not need the master.
	 */
	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		if (factory.getPort() >= 0 && !this.listeners.isExclusive(1)) {
			this.link.ifAvailable((available) -> customize(factory, available));
		}
	}

	private void customize(NettyReactiveWebServerFactory factory, MasterLink link) {
		NettyDrain drain = new NettyDrain();
		RequestCounter counter = new RequestCounter(link::requestBegun, link::requestCompleted);
		factory.addServerCustomizers((server) -> server
			.doOnChannelInit((observer, channel, address) -> ConnectionWatch.install(channel, drain))
			.doOnConnection((connection) -> {
				LastAnswerHandler.install(connection.channel(), drain);
				counter.count(connection);
			}));
		factory.setResourceFactory(new ClusterResourceFactory(this.resources,
				() -> new ClusterServerChannel(link, this.listeners.of(1), drain)));
	}

	/**
	 * Last, to see what the application has set.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
