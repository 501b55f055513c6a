package io.github.clusterboot.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterRole;
import io.github.clusterboot.server.jetty.ClusterJettyCustomizer;
import io.github.clusterboot.server.netty.ClusterNettyCustomizer;
import io.github.clusterboot.server.tomcat.ClusterTomcatCustomizer;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import io.github.clusterboot.worker.WorkerCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jetty.JettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterAutoConfiguration}.
 */
class ClusterAutoConfigurationTests {

	private static final Map<Class<?>, Class<?>> CUSTOMIZERS = Map.of(TomcatWebServerFactory.class,
			ClusterTomcatCustomizer.class, JettyWebServerFactory.class, ClusterJettyCustomizer.class,
			NettyReactiveWebServerFactory.class, ClusterNettyCustomizer.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class));

	private final ApplicationContextRunner worker = this.runner.withBean("link", MasterLink.class,
			() -> mock(MasterLink.class));

	@ParameterizedTest
	@ValueSource(strings = { "cluster.enabled=true", "cluster.enabled=false" })
	void clusterWhenThereIsNoMasterIsStandalone(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasSingleBean(Cluster.class)
				.getBean(Cluster.class)
				.extracting(Cluster::getRole)
				.isEqualTo(ClusterRole.STANDALONE));
	}

	@Test
	void clusterWhenThereIsAMasterIsThatOfAWorker() {
		this.worker.run((context) -> assertThat(context).getBean(Cluster.class).isInstanceOf(WorkerCluster.class));
	}

	@Test
	void clusterWhenTheApplicationHasOneBacksOff() {
		Cluster own = mock(Cluster.class);
		this.worker.withBean("own", Cluster.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(Cluster.class).getBean(Cluster.class).isSameAs(own));
	}

	@ParameterizedTest
	@ValueSource(classes = { TomcatWebServerFactory.class, JettyWebServerFactory.class,
			NettyReactiveWebServerFactory.class })
	void customizersAreThereForTheServersThatAreOnTheClassPath(Class<?> absent) {
		this.runner.withClassLoader(new FilteredClassLoader(absent))
			.run((context) -> CUSTOMIZERS.forEach((factory, customizer) -> {
				if (factory == absent) {
					assertThat(context).doesNotHaveBean(customizer);
				}
				else {
					assertThat(context).hasSingleBean(customizer);
				}
			}));
	}

	@Test
	void customizersWhenThereIsNoMasterTakeNoListenerForExclusive() {
		this.runner.withPropertyValues("cluster.exclusive-listeners=server")
			.run((context) -> assertListeners(context, List.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.exclusive-listeners=server,server-2",
			"cluster.exclusiveListeners[0]=server;cluster.exclusiveListeners[1]=server-2" })
	void customizersWhenThereIsAMasterGetTheExclusiveListeners(String properties) {
		this.worker.withPropertyValues(properties.split(";"))
			.run((context) -> assertListeners(context, List.of("server", "server-2")));
	}

	private static void assertListeners(ApplicationContext context, List<String> exclusive) {
		assertThat(CUSTOMIZERS.values())
			.allSatisfy((customizer) -> assertThat(context.getBean(customizer)).extracting("listeners")
				.isEqualTo(new ListenerNames("server", exclusive)));
	}

}
