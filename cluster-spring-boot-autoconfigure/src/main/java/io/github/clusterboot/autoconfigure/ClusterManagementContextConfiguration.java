package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Configuration for a management server on a port of its own, whose context does not see
 * the application's customizers.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@Import({ ClusterTomcatConfiguration.class, ClusterJettyConfiguration.class, ClusterNettyConfiguration.class })
public final class ClusterManagementContextConfiguration {

	ClusterManagementContextConfiguration() {
	}

	/**
	 * Here this hides the bean of the same name in the application's context.
	 */
	@Bean
	ListenerNames clusterBootListenerNames(ObjectProvider<MasterLink> link, Environment environment) {
		return ListenerNamesBinder.bind(ClusterView.Listener.MANAGEMENT, link, environment);
	}

}
