package io.github.clusterboot.autoconfigure;

import java.util.Arrays;
import java.util.Map;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.actuate.ClusterEndpoint;
import io.github.clusterboot.actuate.ClusterEventsEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterAutoConfiguration} and {@link ClusterEndpointAutoConfiguration}
 * in an application that uses their names for something else. Fault A6.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationsOwnNamesTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, ClusterEndpointAutoConfiguration.class,
				EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=*");

	@ParameterizedTest
	@ValueSource(strings = { "cluster.restart=always", "cluster.workers=many", "cluster.worker=me",
			"cluster.exclusive-listeners.a=b" })
	void startWhenAPropertyIsTheApplicationsOwnBindsNothing(String property) {
		this.runner.withPropertyValues("cluster.enabled=false", property)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Cluster.class));
	}

	@Test
	void startWhenTheApplicationBindsThePrefixGivesItItsOwnValues() {
		this.runner.withUserConfiguration(OwnPropertiesConfiguration.class)
			.withPropertyValues("cluster.enabled=false", "cluster.restart=always")
			.run((context) -> assertThat(context.getBean(OwnProperties.class).restart()).isEqualTo("always"));
	}

	@Test
	void startWhenBeansHaveSimilarNamesWorks() {
		WebApplicationContextRunner withBeans = this.runner;
		for (String name : new String[] { "cluster", "clusterEndpoint", "clusterEvents", "clusterProperties" }) {
			withBeans = withBeans.withBean(name, String.class, () -> "the application's own");
		}
		withBeans.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(Cluster.class)
			.hasSingleBean(ClusterEndpoint.class)
			.hasSingleBean(ClusterEventsEndpoint.class));
	}

	@Test
	void startGivesEachBeanThePrefix() {
		this.runner.run((context) -> {
			String[] names = context.getBeanNamesForType(Object.class, true, false);
			assertThat(Arrays.stream(names)
				.filter((name) -> context.getType(name) != null)
				.filter((name) -> context.getType(name).getName().startsWith("io.github.clusterboot."))
				.filter((name) -> !name.startsWith("io.github.clusterboot."))).isNotEmpty()
				.allMatch((name) -> name.startsWith("clusterBoot"));
		});
	}

	@Test
	void startWhenAnEndpointIsTheApplicationsOwnWarnsOnceAndBacksOff(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnEndpointConfiguration.class).run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean(ClusterEndpoint.class)
				.hasSingleBean(ClusterEventsEndpoint.class);
			assertThat(context.getBean(WebEndpointsSupplier.class).getEndpoints())
				.extracting((endpoint) -> endpoint.getEndpointId().toString())
				.containsExactlyInAnyOrder("cluster", "clusterevents");
		});
		assertThat(output).containsOnlyOnce("WARN").contains("The bean 'ownEndpoint' is the endpoint 'cluster'");
	}

	@Test
	void startWhenTheEventsEndpointIsTheApplicationsOwnWarnsOnceAndBacksOff(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnEventsEndpointConfiguration.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ClusterEndpoint.class)
				.doesNotHaveBean(ClusterEventsEndpoint.class));
		assertThat(output).containsOnlyOnce("WARN").contains("is the endpoint 'clusterevents'");
	}

	@Test
	void startWhenDisabledBacksOffWithoutAWarning(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnEndpointConfiguration.class)
			.withPropertyValues("cluster.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterEndpoint.class));
		assertThat(output).doesNotContain("WARN");
	}

	/**
	 * As in an application that makes the parent's context by
	 * {@code SpringApplicationBuilder}.
	 */
	@Test
	void startWhenTheParentHasTheEndpointsUsesThem(CapturedOutput output) {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Cluster.class)));
		assertThat(output).doesNotContain("WARN");
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpointConfiguration {

		@Bean
		OwnEndpoint ownEndpoint() {
			return new OwnEndpoint();
		}

	}

	@WebEndpoint(id = "cluster")
	static class OwnEndpoint {

		@ReadOperation
		Map<String, String> read() {
			return Map.of();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEventsEndpointConfiguration {

		@Bean
		OwnEventsEndpoint ownEndpoint() {
			return new OwnEventsEndpoint();
		}

	}

	@Endpoint(id = "clusterEvents")
	static class OwnEventsEndpoint {

		@ReadOperation
		Map<String, String> read() {
			return Map.of();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(OwnProperties.class)
	static class OwnPropertiesConfiguration {

	}

	@ConfigurationProperties("cluster")
	record OwnProperties(String restart) {

	}

}
