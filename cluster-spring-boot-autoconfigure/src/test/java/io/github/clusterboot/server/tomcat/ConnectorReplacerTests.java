package io.github.clusterboot.server.tomcat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ConnectorReplacer} and {@link ConnectorSettings}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectorReplacerTests {

	private static final String CANNOT_SERVE = "cannot serve the connections that the cluster's master hands over";

	@TempDir
	Path directory;

	private final MasterLink link = mock(MasterLink.class);

	private final Tomcat tomcat = new Tomcat();

	private Context context;

	@BeforeEach
	void create() {
		this.tomcat.setBaseDir(this.directory.toString());
		this.tomcat.setConnector(unbound(new Connector()));
		this.context = this.tomcat.addContext("", null);
	}

	@AfterEach
	void destroy() throws Exception {
		this.tomcat.destroy();
	}

	@Test
	void lifecycleEventBeforeTheConnectorsAreInitializedReplacesTheFurtherOnes(CapturedOutput output) throws Exception {
		Connector first = this.tomcat.getConnector();
		Connector second = add(new Connector());
		Connector third = add(new Connector(Http11NioProtocol.class.getName()));
		assertThat(initialize()).hasSize(3).doesNotContain(second, third).first().isSameAs(first);
		assertThat(connectors().subList(1, 3))
			.allMatch((connector) -> connector.getProtocolHandler() instanceof ClusterHttp11NioProtocol)
			.allMatch((connector) -> connector.getService() == this.tomcat.getService())
			.extracting("protocolHandler.endpoint.listener")
			.containsExactly("server-2", "server-3");
		assertThat(output).doesNotContain(CANNOT_SERVE);
	}

	@Test
	void lifecycleEventWhenAListenerIsExclusiveLeavesItsConnectorInItsPlace(CapturedOutput output) throws Exception {
		add(new Connector());
		Connector third = add(new Connector(Http11Nio2Protocol.class.getName()));
		add(new Connector());
		List<Connector> connectors = initialize("server", "server-3");
		assertThat(connectors.get(2)).isSameAs(third);
		assertThat(connectors.get(1)).extracting("protocolHandler.endpoint.listener").isEqualTo("server-2");
		assertThat(connectors.get(3)).extracting("protocolHandler.endpoint.listener").isEqualTo("server-4");
		assertThat(output).doesNotContain(CANNOT_SERVE);
	}

	@ParameterizedTest
	@MethodSource("unsupportedConnectors")
	void lifecycleEventWhenAConnectorCannotBeCopiedLeavesItAndWarns(Connector connector, CapturedOutput output)
			throws Exception {
		add(connector);
		assertThat(initialize()).last().isSameAs(connector);
		assertThat(output).containsOnlyOnce(CANNOT_SERVE)
			.contains(connector.toString(), "'server-2'", "cluster.exclusive-listeners", "${cluster.worker.index}");
	}

	static List<Connector> unsupportedConnectors() {
		List<Connector> connectors = new ArrayList<>();
		connectors.add(new Connector("AJP/1.3"));
		connectors.add(new Connector(Http11Nio2Protocol.class.getName()));
		connectors.add(new Connector() {
		});
		connectors.add(new Connector(new Http11NioProtocol() {
		}));
		connectors.add(new Connector(new Http11NioProtocol(new NioEndpoint() {
		})));
		Connector withoutPort = new Connector();
		withoutPort.setProperty("unixDomainSocketPath", "socket");
		connectors.add(withoutPort);
		return connectors;
	}

	/**
	 * All fields, whichever there are.
	 */
	@Test
	void copyCopiesEverySetting() throws Exception {
		Connector source = new Connector();
		UpgradeProtocol http2 = new Http2Protocol();
		LifecycleListener listener = (event) -> {
		};
		configure(source, http2, listener);
		Connector target = new Connector(new ClusterHttp11NioProtocol());
		ConnectorSettings.copy(source, target);
		assertThat(source).usingRecursiveComparison()
			.ignoringFields("protocolHandlerClassName", "configuredProtocol", "protocolHandler.handler",
					"protocolHandler.endpoint.handler")
			// created by their getters
			.ignoringFields("protocolHandler.nameIndex", "protocolHandler.endpoint.utilityExecutor")
			.isEqualTo(target);
		assertThat(target.getPort()).isEqualTo(4711);
		assertThat(target.getScheme()).isEqualTo("https");
		assertThat(target.getMaxPostSize()).isEqualTo(9);
		assertThat(target.getThrowOnFailure()).isTrue();
		assertThat(target.findLifecycleListeners()).containsExactly(listener);
		assertThat(target.findUpgradeProtocols()).containsExactly(http2);
		assertThat(target.findSslHostConfigs()).extracting(SSLHostConfig::getHostName).containsExactly("example.org");
		ClusterHttp11NioProtocol protocol = (ClusterHttp11NioProtocol) target.getProtocolHandler();
		assertThat(protocol.getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
		assertThat(protocol.getServer()).isEqualTo("test");
		assertThat(protocol.getCompression()).isEqualTo("force");
		assertThat(protocol.getAllowedTrailerHeaders()).isEqualTo("x-trailer");
		assertThat(protocol.getExecutor()).isSameAs(((Http11NioProtocol) source.getProtocolHandler()).getExecutor());
		assertThat(protocol.endpoint().getSelectorTimeout()).isEqualTo(77);
		assertThat(protocol.endpoint().getSocketProperties().getAppReadBufSize()).isEqualTo(1234);
	}

	private static void configure(Connector connector, UpgradeProtocol upgrade, LifecycleListener listener) {
		connector.setPort(4711);
		connector.setScheme("https");
		connector.setMaxPostSize(9);
		connector.setThrowOnFailure(true);
		connector.addLifecycleListener(listener);
		connector.addUpgradeProtocol(upgrade);
		SSLHostConfig tls = new SSLHostConfig();
		tls.setHostName("example.org");
		connector.addSslHostConfig(tls);
		connector.setProperty("server", "test");
		connector.setProperty("compression", "force");
		connector.setProperty("allowedTrailerHeaders", "X-Trailer");
		connector.setProperty("selectorTimeout", "77");
		connector.setProperty("socket.appReadBufSize", "1234");
		Http11NioProtocol protocol = (Http11NioProtocol) connector.getProtocolHandler();
		protocol.setAddress(InetAddress.getLoopbackAddress());
		protocol.setExecutor((Executor) Runnable::run);
	}

	private Connector add(Connector connector) {
		this.tomcat.getService().addConnector(unbound(connector));
		return connector;
	}

	private static Connector unbound(Connector connector) {
		connector.setPort(0);
		connector.setProperty("bindOnInit", "false");
		connector.setProperty("secretRequired", "false");
		return connector;
	}

	private List<Connector> initialize(String... exclusive) throws Exception {
		new ConnectorReplacer(this.link, new ListenerNames("server", List.of(exclusive)), List.of())
			.customize(this.context);
		this.tomcat.init();
		return connectors();
	}

	private List<Connector> connectors() {
		return List.of(this.tomcat.getService().findConnectors());
	}

}
