package io.github.clusterboot.autoconfigure;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.actuate.ClusterEndpoint;
import io.github.clusterboot.actuate.ClusterEventsEndpoint;
import io.github.clusterboot.worker.MasterClient;
import io.github.clusterboot.worker.MasterLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ClusterEndpointAutoConfiguration}.
 */
class ClusterEndpointAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, ClusterEndpointAutoConfiguration.class,
				EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class))
		.withInitializer(
				// as SpringApplication does
				(context) -> context.getEnvironment().setConversionService(new ApplicationConversionService()));

	private final WebApplicationContextRunner exposed = this.runner
		.withPropertyValues("management.endpoints.web.exposure.include=cluster,clusterevents");

	@Test
	void endpointsWhenNothingIncludesThemAreNotThere() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(ClusterEndpoint.class)
			.doesNotHaveBean(ClusterEventsEndpoint.class));
	}

	@Test
	void endpointsWhenIncludedAreThere() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(ClusterEndpoint.class)
			.hasSingleBean(ClusterEventsEndpoint.class));
	}

	@Test
	void endpointsWhenNoAccessIsAllowedAreNotThere() {
		this.exposed.withPropertyValues("management.endpoints.access.default=none")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ClusterEndpoint.class)
				.doesNotHaveBean(ClusterEventsEndpoint.class));
	}

	@Test
	void endpointsWhenOneIsIncludedDoNotBringTheOther() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=clusterevents")
			.run((context) -> assertThat(context).doesNotHaveBean(ClusterEndpoint.class)
				.hasSingleBean(ClusterEventsEndpoint.class));
	}

	@Test
	void endpointsWhenThereIsNoActuatorAreNotThere() {
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(ClusterAutoConfiguration.class, ClusterEndpointAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Cluster.class)
				.doesNotHaveBean(ClusterEndpointAutoConfiguration.class)
				.doesNotHaveBean(ClusterEndpoint.class));
	}

	@Test
	void endpointsWhenTheApplicationHasThemBackOff() {
		ClusterEndpoint cluster = new ClusterEndpoint(mock(Cluster.class), null);
		ClusterEventsEndpoint events = new ClusterEventsEndpoint(null);
		this.exposed.withBean("ownCluster", ClusterEndpoint.class, () -> cluster)
			.withBean("ownEvents", ClusterEventsEndpoint.class, () -> events)
			.run((context) -> {
				assertThat(context).getBean(ClusterEndpoint.class).isSameAs(cluster);
				assertThat(context).getBean(ClusterEventsEndpoint.class).isSameAs(events);
			});
	}

	/**
	 * By default nothing can be changed.
	 */
	@ParameterizedTest
	@CsvSource({ "unrestricted, 2, 2", "read-only, 2, 0", ", 2, 0" })
	void operationsAreThoseThatTheAccessAllows(String access, long reads, long writes) {
		WebApplicationContextRunner runner = (access != null)
				? this.exposed.withPropertyValues("management.endpoint.cluster.access=" + access) : this.exposed;
		runner.run((context) -> {
			WebEndpointsSupplier endpoints = context.getBean(WebEndpointsSupplier.class);
			assertThat(operations(endpoints, OperationType.READ)).isEqualTo(reads);
			assertThat(operations(endpoints, OperationType.WRITE)).isEqualTo(writes);
		});
	}

	private static long operations(WebEndpointsSupplier endpoints, OperationType type) {
		return endpoints.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().toString().equals("cluster"))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.filter((operation) -> operation.getType() == type)
			.count();
	}

	@Test
	void endpointsWhenThereIsNoMasterAreUnavailable() {
		this.exposed.run((context) -> {
			assertThat(context.getBean(ClusterEndpoint.class).cluster().getStatus()).isEqualTo(503);
			assertThat(context.getBean(ClusterEventsEndpoint.class).events(null, null).getStatus()).isEqualTo(503);
		});
	}

	@Test
	void endpointsWhenThereIsAMasterAskIt() {
		MasterLink link = mock(MasterLink.class);
		MasterClient client = mock(MasterClient.class);
		given(link.client()).willReturn(client);
		this.exposed.withBean("link", MasterLink.class, () -> link)
			.withPropertyValues("management.endpoint.cluster.access=unrestricted")
			.run((context) -> {
				assertThat(context.getBean(ClusterEventsEndpoint.class).events(7L, null).getStatus()).isEqualTo(200);
				verify(client).events(7, null);
			});
	}

}
