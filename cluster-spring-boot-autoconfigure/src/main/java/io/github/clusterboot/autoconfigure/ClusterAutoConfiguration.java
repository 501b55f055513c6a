package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.server.jetty.ClusterJettyCustomizer;
import io.github.clusterboot.server.netty.ClusterNettyCustomizer;
import io.github.clusterboot.server.tomcat.ClusterTomcatCustomizer;
import io.github.clusterboot.worker.MasterLink;
import io.github.clusterboot.worker.WorkerCluster;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Auto-configuration for an application that may run as a worker of a cluster.
 * <p>
 * The role is known when the application runs. No condition asks for it, so that an
 * application that was processed ahead of time has the same beans in every role.
 * Properties are bound in workers only: elsewhere {@code cluster.*} may be the
 * application's own. So may be any name of a bean without the prefix {@code clusterBoot}.
 */
@AutoConfiguration
public final class ClusterAutoConfiguration {

	ClusterAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	Cluster clusterBootCluster(ObjectProvider<MasterLink> link) {
		MasterLink available = link.getIfAvailable();
		return (available != null) ? new WorkerCluster(available) : new StandaloneCluster();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JettyWebServerFactory.class)
	static class JettyConfiguration {

		@Bean
		ClusterJettyCustomizer clusterBootJettyCustomizer(ObjectProvider<MasterLink> link, Environment environment) {
			return new ClusterJettyCustomizer(link, ClusterView.Listener.SERVER,
					ExclusiveListeners.of(link, environment));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(NettyReactiveWebServerFactory.class)
	static class NettyConfiguration {

		@Bean
		ClusterNettyCustomizer clusterBootNettyCustomizer(ObjectProvider<MasterLink> link, Environment environment,
				ObjectProvider<ReactorResourceFactory> resources) {
			return new ClusterNettyCustomizer(link, resources, ClusterView.Listener.SERVER,
					ExclusiveListeners.of(link, environment));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TomcatWebServerFactory.class)
	static class TomcatConfiguration {

		@Bean
		ClusterTomcatCustomizer clusterBootTomcatCustomizer(ObjectProvider<MasterLink> link, Environment environment) {
			return new ClusterTomcatCustomizer(link, ClusterView.Listener.SERVER,
					ExclusiveListeners.of(link, environment));
		}

	}

}
