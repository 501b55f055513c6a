package io.github.clusterboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.server.jetty.ClusterJettyCustomizer;
import io.github.clusterboot.server.netty.ClusterNettyCustomizer;
import io.github.clusterboot.server.tomcat.ClusterTomcatCustomizer;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jetty.autoconfigure.actuate.web.server.JettyServletManagementContextAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterManagementContextConfiguration}, also as Spring Boot finds it
 * for a management server on a port of its own.
 */
class ClusterManagementContextConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(ClusterManagementContextConfiguration.class);

	private final WebApplicationContextRunner servlet = new WebApplicationContextRunner(
			AnnotationConfigServletWebServerApplicationContext::new)
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, EndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
				ServletManagementContextAutoConfiguration.class, DispatcherServletAutoConfiguration.class));

	private final WebApplicationContextRunner tomcat = this.servlet.withConfiguration(AutoConfigurations
		.of(TomcatServletWebServerAutoConfiguration.class, TomcatServletManagementContextAutoConfiguration.class));

	private final List<ApplicationContext> withServer = new ArrayList<>();

	@Test
	void customizersAreThereForTheServersThatAreOnTheClassPath() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(ClusterTomcatCustomizer.class)
			.hasSingleBean(ClusterJettyCustomizer.class)
			.hasSingleBean(ClusterNettyCustomizer.class));
		this.runner
			.withClassLoader(new FilteredClassLoader(TomcatWebServerFactory.class, NettyReactiveWebServerFactory.class))
			.run((context) -> assertThat(context).hasSingleBean(ClusterJettyCustomizer.class)
				.doesNotHaveBean(ClusterTomcatCustomizer.class)
				.doesNotHaveBean(ClusterNettyCustomizer.class));
	}

	@Test
	void startWhenTheServerIsTomcatGivesTheManagementServerItsListener() {
		assertListeners(this.tomcat, ClusterTomcatCustomizer.class);
	}

	@Test
	void startWhenTheServerIsJettyGivesTheManagementServerItsListener() {
		assertListeners(this.servlet.withConfiguration(AutoConfigurations
			.of(JettyServletWebServerAutoConfiguration.class, JettyServletManagementContextAutoConfiguration.class)),
				ClusterJettyCustomizer.class);
	}

	@Test
	void startWhenTheServerIsReactorNettyGivesTheManagementServerItsListener() {
		assertListeners(
				new ReactiveWebApplicationContextRunner(AnnotationConfigReactiveWebServerApplicationContext::new)
					.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class,
							EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
							ManagementContextAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
							WebFluxAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class,
							NettyReactiveManagementContextAutoConfiguration.class)),
				ClusterNettyCustomizer.class);
	}

	/**
	 * In a worker that binds both ports itself, so that there need not be a master.
	 */
	private void assertListeners(AbstractApplicationContextRunner<?, ?, ?> runner, Class<?> customizer) {
		runner.withBean("link", MasterLink.class, () -> mock(MasterLink.class))
			.withInitializer((context) -> context
				.addApplicationListener((ApplicationListener<WebServerInitializedEvent>) (event) -> this.withServer
					.add(event.getApplicationContext())))
			.withPropertyValues("server.port=0", "management.server.port=0",
					"cluster.exclusive-listeners=server,management")
			.run((context) -> {
				assertThat(this.withServer).hasSize(2)
					.extracting((server) -> server.getBean(customizer))
					.extracting("listeners")
					.containsExactlyInAnyOrder(new ListenerNames("server", List.of("server", "management")),
							new ListenerNames("management", List.of("server", "management")));
			});
	}

	@Test
	void startWhenThereIsOnePortOnlyKeepsTheServersListener() {
		this.tomcat.withPropertyValues("server.port=0")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ClusterManagementContextConfiguration.class)
				.getBean(ClusterTomcatCustomizer.class)
				.extracting("listeners")
				.isEqualTo(new ListenerNames("server", List.of())));
	}

}
