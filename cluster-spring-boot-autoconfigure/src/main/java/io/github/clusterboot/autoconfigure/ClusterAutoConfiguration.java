package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import io.github.clusterboot.worker.WorkerCluster;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for an application that may run as a worker of a cluster.
 * <p>
 * The role is known when the application runs. No condition asks for it, so that an
 * application that was processed ahead of time has the same beans in every role.
 * Properties are bound in workers only: elsewhere {@code cluster.*} may be the
 * application's own. So may be any name of a bean without the prefix {@code clusterBoot}.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@Import({ ClusterTomcatConfiguration.class, ClusterJettyConfiguration.class, ClusterNettyConfiguration.class })
public final class ClusterAutoConfiguration {

	ClusterAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	Cluster clusterBootCluster(ObjectProvider<MasterLink> link) {
		MasterLink available = link.getIfAvailable();
		return (available != null) ? new WorkerCluster(available) : new StandaloneCluster();
	}

	@Bean
	ListenerNames clusterBootListenerNames(ObjectProvider<MasterLink> link, Environment environment) {
		return ListenerNamesBinder.bind(ClusterView.Listener.SERVER, link, environment);
	}

}
