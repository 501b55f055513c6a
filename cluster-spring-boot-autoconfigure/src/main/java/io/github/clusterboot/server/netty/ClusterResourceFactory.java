package io.github.clusterboot.server.netty;

import java.util.function.Supplier;

import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Gives the server the event loops that it would use without a cluster, but a different
 * server channel. Owns nothing: the application's own factory starts and stops the
 * resources.
 */
final class ClusterResourceFactory extends ReactorResourceFactory {

	private final ObjectProvider<ReactorResourceFactory> resources;

	private final Supplier<ClusterServerChannel> channels;

	ClusterResourceFactory(ObjectProvider<ReactorResourceFactory> resources, Supplier<ClusterServerChannel> channels) {
		this.resources = resources;
		this.channels = channels;
	}

	@Override
	public LoopResources getLoopResources() {
		ReactorResourceFactory factory = this.resources.getIfAvailable();
		return new ClusterLoopResources((factory != null) ? factory.getLoopResources() : HttpResources.get(),
				this.channels);
	}

}
