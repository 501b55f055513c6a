package io.github.clusterboot.server.tomcat;

import io.github.clusterboot.worker.MasterLink;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterTomcatCustomizer} and
 * {@link UnsupportedProtocolFailureAnalyzer}.
 */
class ClusterTomcatCustomizerTests {

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private final ClusterTomcatCustomizer customizer = new ClusterTomcatCustomizer(
			this.beans.getBeanProvider(MasterLink.class), "server");

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
	void customizerComesLast() {
		assertThat(this.customizer.getOrder()).isEqualTo(Ordered.LOWEST_PRECEDENCE);
	}

}
