package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.server.tomcat.ClusterTomcatCustomizer;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration for Tomcat, of the application and of a management server alike.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(TomcatWebServerFactory.class)
final class ClusterTomcatConfiguration {

	@Bean
	ClusterTomcatCustomizer clusterBootTomcatCustomizer(ObjectProvider<MasterLink> link, ListenerNames listeners) {
		return new ClusterTomcatCustomizer(link, listeners);
	}

}
