package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.server.netty.ClusterNettyCustomizer;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Configuration for Reactor Netty, of the application and of a management server alike.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(NettyReactiveWebServerFactory.class)
final class ClusterNettyConfiguration {

	@Bean
	ClusterNettyCustomizer clusterBootNettyCustomizer(ObjectProvider<MasterLink> link, ListenerNames listeners,
			ObjectProvider<ReactorResourceFactory> resources) {
		return new ClusterNettyCustomizer(link, resources, listeners);
	}

}
