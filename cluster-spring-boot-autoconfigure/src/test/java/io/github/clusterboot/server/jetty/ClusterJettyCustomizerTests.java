package io.github.clusterboot.server.jetty;

import java.net.Socket;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;

import io.github.clusterboot.worker.FakeMaster;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jetty.JettyServerCustomizer;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.reactive.JettyReactiveWebServerFactory;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterJettyCustomizer}, {@link ConnectorReplacer},
 * {@link ConnectorSettings} and {@link UnsupportedConnectorFailureAnalyzer}.
 */
@Timeout(30)
class ClusterJettyCustomizerTests {

	private final MasterLink link = mock(MasterLink.class);

	private final JettyServletWebServerFactory factory = new JettyServletWebServerFactory();

	@Test
	void customizeWhenThereIsNoMasterChangesNothing() {
		new ClusterJettyCustomizer(new DefaultListableBeanFactory().getBeanProvider(MasterLink.class),
				new ListenerNames("server", List.of()))
			.customize(this.factory);
		assertThat(this.factory.getServerCustomizers()).isEmpty();
	}

	/**
	 * Fault A2.
	 */
	@Test
	void customizeWhenThePortIsNegativeChangesNothing() {
		this.factory.setPort(-1);
		TestJetty.customizer(this.link).customize(this.factory);
		assertThat(this.factory.getServerCustomizers()).isEmpty();
	}

	@Test
	void customizeWhenThereIsAMasterReplacesTheConnectorsLast() {
		this.factory.addServerCustomizers(mock(JettyServerCustomizer.class));
		TestJetty.customizer(this.link).customize(this.factory);
		assertThat(this.factory.getServerCustomizers()).hasSize(2).last().isInstanceOf(ConnectorReplacer.class);
	}

	@Test
	void customizerComesLast() {
		assertThat(TestJetty.customizer(this.link).getOrder()).isEqualTo(Ordered.LOWEST_PRECEDENCE);
	}

	@Test
	void replacerKeepsTheSettings() {
		Server server = new Server();
		QueuedThreadPool executor = new QueuedThreadPool();
		ServerConnector source = new ServerConnector(server, executor, null, null, 2, 3, new HttpConnectionFactory());
		source.setHost("127.0.0.1");
		source.setPort(4711);
		source.setName("name");
		source.setIdleTimeout(1);
		source.setShutdownIdleTimeout(2);
		source.setAcceptQueueSize(3);
		source.setAcceptorPriorityDelta(1);
		source.setAcceptedTcpNoDelay(false);
		source.setAcceptedReceiveBufferSize(5);
		source.setAcceptedSendBufferSize(6);
		Connection.Listener statistics = new ConnectionStatistics();
		source.addBean(statistics);
		server.addConnector(source);
		replace(server);
		assertThat(server.getConnectors()).singleElement()
			.isInstanceOfSatisfying(ClusterServerConnector.class, (connector) -> {
				assertThat(connector).usingRecursiveComparison()
					.comparingOnlyFields("_host", "_port", "_name", "_idleTimeout", "_shutdownIdleTimeout",
							"_acceptQueueSize", "_acceptorPriorityDelta", "_acceptedTcpNoDelay",
							"_acceptedReceiveBufferSize", "_acceptedSendBufferSize", "_defaultProtocol")
					.isEqualTo(source);
				assertThat(connector.getAcceptors()).isEqualTo(2);
				assertThat(connector.getSelectorManager().getSelectorCount()).isEqualTo(3);
				assertThat(connector.getExecutor()).isSameAs(executor);
				assertThat(connector.isManaged(executor)).isTrue();
				assertThat(connector.isManaged(connector.getScheduler())).isFalse();
				assertThat(connector.getConnectionFactories())
					.containsExactlyElementsOf(source.getConnectionFactories());
				assertThat(connector.getBeans(ConnectionStatistics.class))
					.containsExactly((ConnectionStatistics) statistics);
			});
	}

	@Test
	void replacerLeavesConnectorsOfExclusiveListeners() {
		Server server = new Server();
		server.addConnector(new ServerConnector(server));
		ServerConnector second = new ServerConnector(server);
		server.addConnector(second);
		new ConnectorReplacer(this.link, new ListenerNames("server", List.of("server-2"))).customize(server);
		assertThat(server.getConnectors()).hasSize(2);
		assertThat(server.getConnectors()[0]).isInstanceOf(ClusterServerConnector.class);
		assertThat(server.getConnectors()[1]).isSameAs(second);
	}

	@Test
	void replacerAddsEachCustomizerOnce() {
		Server server = new Server();
		HttpConnectionFactory http = new HttpConnectionFactory();
		server.addConnector(new ServerConnector(server, http));
		server.addConnector(new ServerConnector(server, http));
		replace(server);
		assertThat(http.getHttpConfiguration().getCustomizers()).hasSize(2)
			.hasAtLeastOneElementOfType(RequestCounter.class)
			.hasAtLeastOneElementOfType(LastAnswers.class);
	}

	@Test
	void replacerNamesFurtherListenersByNumber() {
		Server server = new Server();
		server.addConnector(new ServerConnector(server));
		server.addConnector(new ServerConnector(server));
		replace(server);
		assertThat(server.getConnectors()).extracting("listener").containsExactly("server", "server-2");
	}

	@Test
	void replacerLeavesConnectorsWithoutAPort() {
		Server server = new Server();
		LocalConnector local = new LocalConnector(server);
		server.setConnectors(new Connector[] { new ServerConnector(server), local });
		replace(server);
		assertThat(server.getConnectors()).hasSize(2).contains(local);
	}

	@Test
	void replacerAppliesALimitToTheNewConnectors() {
		Server server = new Server();
		ServerConnector source = new ServerConnector(server);
		server.addConnector(source);
		NetworkConnectionLimit limit = new NetworkConnectionLimit(7, source);
		limit.setEndPointIdleTimeout(8);
		server.addBean(limit);
		source.addBean(new NetworkConnectionLimit(9, source));
		replace(server);
		assertThat(server.getBeans(NetworkConnectionLimit.class)).singleElement()
			.isNotSameAs(limit)
			.satisfies((copy) -> {
				assertThat(copy.getMaxNetworkConnectionCount()).isEqualTo(7);
				assertThat(copy.getEndPointIdleTimeout()).isEqualTo(8);
				assertThat(copy).extracting("_connectors").isEqualTo(List.of(server.getConnectors()));
			});
		assertThat(((ServerConnector) server.getConnectors()[0]).getBeans(NetworkConnectionLimit.class)).singleElement()
			.satisfies((copy) -> {
				assertThat(copy.getMaxNetworkConnectionCount()).isEqualTo(9);
				assertThat(copy).extracting("_connectors").isEqualTo(List.of(server.getConnectors()));
			});
	}

	@Test
	void replacerWhenAConnectorIsOfAnotherTypeFailsWithAReport() {
		Server server = new Server();
		server.addConnector(new ServerConnector(server) {
		});
		assertThatExceptionOfType(UnsupportedConnectorException.class).isThrownBy(() -> replace(server))
			.satisfies((ex) -> {
				FailureAnalysis analysis = new UnsupportedConnectorFailureAnalyzer().analyze(ex);
				assertThat(analysis).isNotNull();
				assertThat(analysis.getDescription()).contains(getClass().getName() + "$");
				assertThat(analysis.getAction()).contains("cluster.enabled=false");
			});
	}

	@Test
	void customizeWhenTheStackIsReactiveServes() throws Exception {
		try (FakeMaster master = new FakeMaster()) {
			JettyReactiveWebServerFactory factory = new JettyReactiveWebServerFactory(0);
			factory.setMaxConnections(5);
			TestJetty.customizer(master.link()).customize(factory);
			JettyWebServer server = (JettyWebServer) factory
				.getWebServer((request, response) -> Mono.fromRunnable(() -> response.getHeaders().add("X-Test", "1"))
					.then(response.setComplete()));
			server.start();
			try (Socket client = new Socket("127.0.0.1", master.port())) {
				client.setSoTimeout(10_000);
				master.handOver(client);
				TestJetty.send(client, "/");
				assertThat(TestJetty.head(client)).startsWith("HTTP/1.1 200").contains("X-Test: 1");
				assertThat(server.getPort()).isEqualTo(master.port());
			}
			finally {
				server.stop();
				server.destroy();
			}
			assertThat(Arrays.asList(server.getServer().getConnectors()))
				.hasOnlyElementsOfType(ClusterServerConnector.class);
			assertThat(master.open()).isZero();
		}
	}

	/**
	 * Like the connector that was replaced.
	 */
	@Test
	void customizeWhenTheKeyForTlsIsMissingFails() throws Exception {
		KeyStore empty = KeyStore.getInstance("PKCS12");
		empty.load(null, null);
		SslBundle bundle = SslBundle.of(SslStoreBundle.of(empty, "password", null),
				SslBundleKey.of("password", "other"));
		JettyReactiveWebServerFactory factory = new JettyReactiveWebServerFactory(0);
		factory.setSslBundles(new DefaultSslBundleRegistry("test", bundle));
		factory.setSsl(Ssl.forBundle("test"));
		TestJetty.customizer(this.link).customize(factory);
		assertThatIllegalStateException().isThrownBy(() -> factory.getWebServer((request, response) -> Mono.empty()))
			.withMessageContaining("does not contain alias 'other'");
	}

	private void replace(Server server) {
		new ConnectorReplacer(this.link, new ListenerNames("server", List.of())).customize(server);
	}

}
