package io.github.clusterboot.server.tomcat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.clusterboot.worker.FakeMaster;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.reactive.TomcatReactiveWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ClusterTomcatCustomizer} and
 * {@link UnsupportedProtocolFailureAnalyzer}.
 */
class ClusterTomcatCustomizerTests {

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private final ClusterTomcatCustomizer customizer = customizer(List.of());

	private final TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();

	@Test
	void customizeWhenThereIsNoMasterChangesNothing() {
		this.customizer.customize(this.factory);
		assertThat(this.factory.getProtocol()).isEqualTo(TomcatWebServerFactory.DEFAULT_PROTOCOL);
		assertThat(this.factory.getProtocolHandlerCustomizers()).isEmpty();
		assertThat(this.factory.getEngineValves()).isEmpty();
	}

	@Test
	void customizeWhenThereIsNoMasterAcceptsAnyProtocol() {
		this.factory.setProtocol("org.apache.coyote.http11.Http11Nio2Protocol");
		this.customizer.customize(this.factory);
		assertThat(this.factory.getProtocol()).isEqualTo("org.apache.coyote.http11.Http11Nio2Protocol");
	}

	@Test
	void customizeWhenThereIsAMasterChangesTheProtocol() {
		this.beans.registerSingleton("link", mock(MasterLink.class));
		this.customizer.customize(this.factory);
		assertThat(this.factory.getProtocol()).isEqualTo(ClusterHttp11NioProtocol.class.getName());
		assertThat(this.factory.getProtocolHandlerCustomizers()).hasSize(1);
		assertThat(this.factory.getEngineValves()).hasOnlyElementsOfType(RequestCountingValve.class).hasSize(1);
	}

	/**
	 * Fault A2.
	 */
	@Test
	void customizeWhenThePortIsNegativeChangesNothing() {
		this.beans.registerSingleton("link", mock(MasterLink.class));
		this.factory.setPort(-1);
		customizeWhenThereIsNoMasterChangesNothing();
		assertThat(this.factory.getContextCustomizers()).isEmpty();
	}

	@Test
	void customizeWhenTheProtocolIsAnotherFailsWithAReport() {
		this.beans.registerSingleton("link", mock(MasterLink.class));
		this.factory.setProtocol("org.apache.coyote.ajp.AjpNioProtocol");
		assertThatExceptionOfType(UnsupportedProtocolException.class)
			.isThrownBy(() -> this.customizer.customize(this.factory))
			.satisfies((ex) -> {
				FailureAnalysis analysis = new UnsupportedProtocolFailureAnalyzer().analyze(ex);
				assertThat(analysis).isNotNull();
				assertThat(analysis.getDescription()).contains("org.apache.coyote.ajp.AjpNioProtocol");
				assertThat(analysis.getAction()).contains("cluster.enabled=false");
			});
	}

	@Test
	void customizeWhenTheListenerIsExclusiveChangesFurtherConnectorsOnly() {
		this.beans.registerSingleton("link", mock(MasterLink.class));
		this.factory.setProtocol("org.apache.coyote.http11.Http11Nio2Protocol");
		customizer(List.of("server")).customize(this.factory);
		assertThat(this.factory.getProtocol()).isEqualTo("org.apache.coyote.http11.Http11Nio2Protocol");
		assertThat(this.factory.getProtocolHandlerCustomizers()).isEmpty();
		assertThat(this.factory.getContextCustomizers()).hasAtLeastOneElementOfType(ConnectorReplacer.class);
	}

	/**
	 * A server that Spring Boot creates, with the first connector bound by this process.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void customizeWhenThereAreFurtherConnectorsServes(boolean reactive) throws Exception {
		try (FakeMaster master = new FakeMaster()) {
			MasterLink link = master.link();
			this.beans.registerSingleton("link", link);
			TomcatWebServerFactory factory = reactive ? new TomcatReactiveWebServerFactory(0)
					: new TomcatServletWebServerFactory(0);
			Connector further = new Connector();
			further.setPort(0);
			factory.addAdditionalConnectors(further);
			customizer(List.of("server")).customize(factory);
			TomcatWebServer server = (TomcatWebServer) (reactive
					? ((TomcatReactiveWebServerFactory) factory)
						.getWebServer((request, response) -> response.setComplete())
					: ((TomcatServletWebServerFactory) factory).getWebServer());
			server.start();
			try (Socket client = new Socket("127.0.0.1", master.port())) {
				client.setSoTimeout(10_000);
				master.handOver(client);
				client.getOutputStream()
					.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
					.startsWith(reactive ? "HTTP/1.1 200" : "HTTP/1.1 404");
				assertThat(server.getTomcat().getService().findConnectors()).extracting(Connector::getLocalPort)
					.containsExactly(server.getPort(), master.port());
			}
			finally {
				server.stop();
				server.destroy();
			}
			verify(link).requestBegun();
			verify(link).requestCompleted();
		}
	}

	@Test
	void customizerComesLast() {
		assertThat(this.customizer.getOrder()).isEqualTo(Ordered.LOWEST_PRECEDENCE);
	}

	private ClusterTomcatCustomizer customizer(List<String> exclusive) {
		return new ClusterTomcatCustomizer(this.beans.getBeanProvider(MasterLink.class),
				new ListenerNames("server", exclusive));
	}

}
