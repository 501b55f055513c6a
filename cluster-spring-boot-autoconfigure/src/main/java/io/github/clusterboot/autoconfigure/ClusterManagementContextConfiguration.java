package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.server.jetty.ClusterJettyCustomizer;
import io.github.clusterboot.server.netty.ClusterNettyCustomizer;
import io.github.clusterboot.server.tomcat.ClusterTomcatCustomizer;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Configuration for a management server on a port of its own, whose context does not see
 * the application's customizers.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ClusterManagementContextConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JettyWebServerFactory.class)
	static class JettyConfiguration {

		@Bean
		ClusterJettyCustomizer clusterBootManagementJettyCustomizer(ObjectProvider<MasterLink> link,
				Environment environment) {
			return new ClusterJettyCustomizer(link, ClusterView.Listener.MANAGEMENT,
					ExclusiveListeners.of(link, environment));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(NettyReactiveWebServerFactory.class)
	static class NettyConfiguration {

		@Bean
		ClusterNettyCustomizer clusterBootManagementNettyCustomizer(ObjectProvider<MasterLink> link,
				Environment environment, ObjectProvider<ReactorResourceFactory> resources) {
			return new ClusterNettyCustomizer(link, resources, ClusterView.Listener.MANAGEMENT,
					ExclusiveListeners.of(link, environment));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TomcatWebServerFactory.class)
	static class TomcatConfiguration {

		@Bean
		ClusterTomcatCustomizer clusterBootManagementTomcatCustomizer(ObjectProvider<MasterLink> link,
				Environment environment) {
			return new ClusterTomcatCustomizer(link, ClusterView.Listener.MANAGEMENT,
					ExclusiveListeners.of(link, environment));
		}

	}

}
