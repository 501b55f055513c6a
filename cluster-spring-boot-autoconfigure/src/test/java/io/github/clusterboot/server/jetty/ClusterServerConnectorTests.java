package io.github.clusterboot.server.jetty;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.github.clusterboot.server.jetty.TestJetty.Http2Frame;
import io.github.clusterboot.worker.DrainableServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.awaitility.Awaitility;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionLimit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.jetty.autoconfigure.servlet.WebSocketJettyServletWebServerFactoryCustomizer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreBundle;
import org.springframework.boot.ssl.jks.JksSslStoreDetails;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ClusterServerConnector}, {@link ConnectionLimits}, {@link WebSockets}
 * and {@link TlsConnections}, with a Jetty that serves real connections.
 */
@Timeout(60)
class ClusterServerConnectorTests {

	private static final String WEBSOCKET_KEY = Base64.getEncoder().encodeToString(new byte[16]);

	@TempDir
	private static Path directory;

	private TestJetty jetty;

	@BeforeAll
	static void makeKey() throws Exception {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keystore", keyStore().toString(), "-storepass", "password", "-alias", "server",
				"-dname", "CN=localhost", "-keyalg", "EC")
			.redirectErrorStream(true)
			.start();
		String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(keytool.waitFor()).as(output).isZero();
	}

	private static Path keyStore() {
		return directory.resolve("keys.p12");
	}

	@AfterEach
	void stop() throws IOException {
		if (this.jetty != null) {
			this.jetty.close();
		}
	}

	@Test
	void acceptServesAConnectionThatIsHandedOver() throws Exception {
		start((factory) -> {
		});
		Socket client = this.jetty.connect();
		assertThat(TestJetty.exchange(client, "/1")).startsWith("HTTP/1.1 200").endsWith(addresses(client));
		assertThat(TestJetty.exchange(client, "/2")).endsWith(addresses(client));
		assertThat(this.jetty.webServer().getPort()).isEqualTo(this.jetty.master().port());
		assertThat(this.jetty.master().open()).isOne();
		verify(this.jetty.link(), times(2)).requestBegun();
		verify(this.jetty.link(), timeout(TestJetty.PATIENCE.toMillis()).times(2)).requestCompleted();
		client.close();
		awaitOpen(0);
	}

	private static String addresses(Socket client) {
		return "127.0.0.1:" + client.getLocalPort() + " to 127.0.0.1:" + client.getPort();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void acceptWhenThereAreSoManyAcceptorsServes(int acceptors) throws Exception {
		start((factory) -> factory.setAcceptors(acceptors));
		for (int i = 0; i < 20; i++) {
			assertThat(TestJetty.exchange(this.jetty.connect(), "/")).startsWith("HTTP/1.1 200");
		}
		assertThat(this.jetty.connector().getAcceptors()).isEqualTo(Math.max(acceptors, 1));
	}

	@Test
	void acceptWhenJettyCannotServeTheConnectionCountsItAsClosed() throws Exception {
		start((factory) -> factory.addServerCustomizers((server) -> ((ServerConnector) server.getConnectors()[0])
			.setConnectionFactories(List.of(new AbstractConnectionFactory("none") {

				@Override
				public Connection newConnection(Connector connector, EndPoint endPoint) {
					throw new IllegalStateException("Expected");
				}

			}))));
		assertThat(this.jetty.connect().getInputStream().read()).isEqualTo(-1);
		awaitOpen(0);
	}

	/**
	 * A connection without room is not taken, so that the master can give it to another
	 * worker.
	 */
	@Test
	void acceptWhenTheLimitIsReachedTakesNoMore() throws Exception {
		start((factory) -> factory.setMaxConnections(2));
		assertThatLimitOfTwoHolds();
	}

	@Test
	@SuppressWarnings("removal")
	void acceptWhenTheLimitOfTheApplicationIsReachedTakesNoMore() throws Exception {
		start((factory) -> factory
			.addServerCustomizers((server) -> server.addBean(new ConnectionLimit(2, server.getConnectors()))));
		assertThatLimitOfTwoHolds();
	}

	@Test
	void acceptWhenTheLimitIsReachedWithTlsTakesNoMore() throws Exception {
		start((factory) -> {
			useTls(factory);
			factory.setMaxConnections(2);
		});
		Socket first = this.jetty.connect();
		this.jetty.connect();
		this.jetty.connectWithoutTaking();
		awaitWaitingAcceptor();
		assertThat(this.jetty.master().taken()).isEqualTo(2);
		first.close();
		Awaitility.await().atMost(TestJetty.PATIENCE).until(() -> this.jetty.master().taken() == 3);
	}

	/**
	 * Like Jetty's monitor of low resources.
	 */
	@Test
	void acceptWhenItIsSwitchedOffTakesNoMore() throws Exception {
		start((factory) -> {
		});
		assertThat(TestJetty.exchange(this.jetty.connect(), "/")).startsWith("HTTP/1.1 200");
		this.jetty.connector().setAccepting(false);
		awaitWaitingAcceptor();
		Socket client = this.jetty.connectWithoutTaking();
		TestJetty.send(client, "/");
		Awaitility.await()
			.during(Duration.ofMillis(200))
			.atMost(TestJetty.PATIENCE)
			.until(() -> this.jetty.master().taken() == 1);
		this.jetty.connector().setAccepting(true);
		assertThat(TestJetty.answer(client)).startsWith("HTTP/1.1 200");
	}

	private void assertThatLimitOfTwoHolds() throws IOException {
		Socket first = this.jetty.connect();
		assertThat(TestJetty.exchange(first, "/")).startsWith("HTTP/1.1 200");
		assertThat(TestJetty.exchange(this.jetty.connect(), "/")).startsWith("HTTP/1.1 200");
		awaitWaitingAcceptor();
		Socket third = this.jetty.connectWithoutTaking();
		TestJetty.send(third, "/");
		Awaitility.await()
			.during(Duration.ofMillis(200))
			.atMost(TestJetty.PATIENCE)
			.until(() -> this.jetty.master().taken() == 2);
		awaitWaitingAcceptor();
		first.close();
		assertThat(TestJetty.answer(third)).startsWith("HTTP/1.1 200");
		awaitOpen(2);
	}

	/**
	 * The acceptor does not keep looking for room.
	 */
	private void awaitWaitingAcceptor() {
		Awaitility.await()
			.atMost(TestJetty.PATIENCE)
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces())
				.anySatisfy((thread, stack) -> assertThat(thread.getName())
					.contains("-acceptor-0@", Integer.toHexString(this.jetty.connector().hashCode()))
					.satisfies((name) -> assertThat(thread.getState()).isEqualTo(Thread.State.WAITING))));
	}

	@Test
	void stopAndStartServesAgain() throws Exception {
		start((factory) -> {
		});
		Socket before = this.jetty.connect();
		assertThat(TestJetty.exchange(before, "/")).startsWith("HTTP/1.1 200");
		DrainableServer drain = this.jetty.drain();
		this.jetty.webServer().stop();
		assertThat(before.getInputStream().read()).isEqualTo(-1);
		awaitOpen(0);
		this.jetty.webServer().start();
		assertThat(this.jetty.drain()).isNotSameAs(drain);
		Socket after = this.jetty.connect();
		assertThat(TestJetty.exchange(after, "/")).startsWith("HTTP/1.1 200");
		after.close();
		awaitOpen(0);
	}

	@Test
	void stopWhenConnectionsAreOpenCountsEachAsClosed() throws Exception {
		start((factory) -> {
		});
		for (int i = 0; i < 50; i++) {
			this.jetty.connect();
		}
		this.jetty.webServer().stop();
		assertThat(this.jetty.master().taken()).isEqualTo(50);
		assertThat(this.jetty.master().open()).isZero();
	}

	@Test
	void connectorWithTlsServes() throws Exception {
		start(ClusterServerConnectorTests::useTls);
		Socket client = this.jetty.connect();
		SSLSocket tls = tls(client);
		assertThat(TestJetty.exchange(tls, "/")).startsWith("HTTP/1.1 200").endsWith(addresses(client));
		tls.close();
		awaitOpen(0);
	}

	@Test
	void connectorWithTlsKeepsIdleConnections() throws Exception {
		start(ClusterServerConnectorTests::useTls);
		SSLSocket tls = tls(this.jetty.connect());
		assertThat(TestJetty.exchange(tls, "/")).startsWith("HTTP/1.1 200");
		this.jetty.drain().releaseIdle();
		assertThat(this.jetty.drain().handBackReleased()).isZero();
		assertThat(this.jetty.master().open()).isOne();
		this.jetty.drain().closeIdle(Duration.ofSeconds(20));
		this.jetty.drain().endWithNextAnswer();
		assertThat(TestJetty.exchange(tls, "/")).contains("Connection: close\r\n");
		assertThat(tls.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void connectorWithTlsClosesIdleConnections() throws Exception {
		start(ClusterServerConnectorTests::useTls);
		SSLSocket tls = tls(this.jetty.connect());
		assertThat(TestJetty.exchange(tls, "/")).startsWith("HTTP/1.1 200");
		Awaitility.await().atMost(TestJetty.PATIENCE).until(() -> {
			this.jetty.drain().closeIdle(Duration.ZERO);
			return this.jetty.master().open() == 0;
		});
		assertThat(tls.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void connectorWithTlsAndHttp2TellsClientsToGoAway() throws Exception {
		start((factory) -> {
			useTls(factory);
			Http2 http2 = new Http2();
			http2.setEnabled(true);
			factory.setHttp2(http2);
		});
		SSLSocket tls = tls(this.jetty.connect(), "h2");
		assertThat(tls.getApplicationProtocol()).isEqualTo("h2");
		TestJetty.write(tls, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
		DataInputStream in = new DataInputStream(tls.getInputStream());
		Http2Frame frame = Http2Frame.read(in);
		while (frame.type() != Http2Frame.GOAWAY) {
			this.jetty.drain().endWithNextAnswer();
			frame = Http2Frame.read(in);
		}
	}

	private static void useTls(JettyServletWebServerFactory factory) {
		SslStoreBundle stores = new JksSslStoreBundle(
				JksSslStoreDetails.forLocation(keyStore().toUri().toString()).withPassword("password"), null);
		factory.setSslBundles(
				new DefaultSslBundleRegistry("test", SslBundle.of(stores, SslBundleKey.of("password", "server"))));
		factory.setSsl(Ssl.forBundle("test"));
	}

	private static SSLSocket tls(Socket client, String... protocols) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, TrustEverybody.MANAGERS, null);
		SSLSocket socket = (SSLSocket) context.getSocketFactory()
			.createSocket(client, InetAddress.getLoopbackAddress().getHostName(), client.getPort(), true);
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setApplicationProtocols(protocols);
		socket.setSSLParameters(parameters);
		socket.startHandshake();
		return socket;
	}

	@Test
	void upgradeToWebSocketDuringADrainIsNotALastAnswer() throws Exception {
		startWithWebSocket();
		this.jetty.drain().endWithNextAnswer();
		Socket client = openWebSocket();
		assertThat(echo(client, 'x')).isEqualTo('x');
	}

	@Test
	void stopClosesWebSocketsWithAReason() throws Exception {
		startWithWebSocket();
		Socket client = openWebSocket();
		assertThat(echo(client, 'x')).isEqualTo('x');
		this.jetty.drain().releaseIdle();
		this.jetty.drain().closeIdle(Duration.ZERO);
		assertThat(this.jetty.master().open()).isOne();
		this.jetty.webServer().stop();
		DataInputStream in = new DataInputStream(client.getInputStream());
		assertThat(in.readUnsignedByte()).isEqualTo(0x88);
		in.readByte();
		assertThat(in.readUnsignedShort()).isEqualTo(1001);
		assertThat(this.jetty.master().open()).isZero();
	}

	@Test
	void stopAndStartServesWebSocketsAgain() throws Exception {
		startWithWebSocket();
		openWebSocket();
		this.jetty.webServer().stop();
		this.jetty.webServer().start();
		assertThat(echo(openWebSocket(), 'y')).isEqualTo('y');
	}

	private void startWithWebSocket() throws Exception {
		start((factory) -> new WebSocketJettyServletWebServerFactoryCustomizer().customize(factory));
		ServerContainer container = (ServerContainer) this.jetty.server()
			.getDescendant(ServletContextHandler.class)
			.getServletContext()
			.getAttribute(ServerContainer.class.getName());
		container.addEndpoint(ServerEndpointConfig.Builder.create(Echo.class, "/echo").build());
	}

	private Socket openWebSocket() throws IOException {
		Socket client = this.jetty.connect();
		TestJetty.write(client, "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + WEBSOCKET_KEY + "\r\n\r\n");
		assertThat(TestJetty.head(client)).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("close");
		return client;
	}

	/**
	 * Send a text of one character, in a frame whose mask changes nothing.
	 */
	private static int echo(Socket client, char text) throws IOException {
		TestJetty.write(client, "\u0081\u0081\0\0\0\0" + text);
		byte[] frame = client.getInputStream().readNBytes(3);
		return frame[2];
	}

	private void start(Consumer<JettyServletWebServerFactory> customizer) throws IOException {
		this.jetty = new TestJetty(customizer, new AddressServlet());
	}

	private void awaitOpen(int count) {
		Awaitility.await()
			.atMost(TestJetty.PATIENCE)
			.untilAsserted(() -> assertThat(this.jetty.master().open()).isEqualTo(count));
	}

	/**
	 * Answers with the addresses that it sees.
	 */
	private static final class AddressServlet extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			String answer = request.getRemoteAddr() + ":" + request.getRemotePort() + " to " + request.getLocalAddr()
					+ ":" + request.getLocalPort();
			response.setContentLength(answer.length());
			response.getOutputStream().print(answer);
		}

	}

	/**
	 * Answers each text with the same text.
	 */
	public static final class Echo extends Endpoint {

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			session.addMessageHandler(String.class, (text) -> session.getAsyncRemote().sendText(text));
		}

	}

}
