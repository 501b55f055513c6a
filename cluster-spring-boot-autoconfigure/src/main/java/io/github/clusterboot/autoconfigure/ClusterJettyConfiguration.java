package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.server.jetty.ClusterJettyCustomizer;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration for Jetty, of the application and of a management server alike.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(JettyWebServerFactory.class)
final class ClusterJettyConfiguration {

	@Bean
	ClusterJettyCustomizer clusterBootJettyCustomizer(ObjectProvider<MasterLink> link, ListenerNames listeners) {
		return new ClusterJettyCustomizer(link, listeners);
	}

}
