package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.actuate.ClusterEndpoint;
import io.github.clusterboot.actuate.ClusterEventsEndpoint;
import io.github.clusterboot.worker.MasterClient;
import io.github.clusterboot.worker.MasterLink;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;

/**
 * Auto-configuration for the endpoints that show the cluster. It comes last, so that it
 * sees the endpoints of others.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
public final class ClusterEndpointAutoConfiguration {

	ClusterEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	@Conditional(OnUnusedEndpointIdCondition.class)
	ClusterEndpoint clusterBootEndpoint(Cluster cluster, ObjectProvider<MasterLink> link) {
		return new ClusterEndpoint(cluster, client(link));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	@Conditional(OnUnusedEndpointIdCondition.class)
	ClusterEventsEndpoint clusterBootEventsEndpoint(ObjectProvider<MasterLink> link) {
		return new ClusterEventsEndpoint(client(link));
	}

	private static @Nullable MasterClient client(ObjectProvider<MasterLink> link) {
		MasterLink available = link.getIfAvailable();
		return (available != null) ? available.client() : null;
	}

}
