package io.github.clusterboot.server.jetty;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.clusterboot.worker.DrainableServer;
import io.github.clusterboot.worker.FakeMaster;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRegistration;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.Server;
import org.mockito.ArgumentCaptor;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.verify;

/**
 * A Jetty, created as Spring Boot does, whose connections come from a {@link FakeMaster};
 * and its clients.
 */
final class TestJetty implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofSeconds(5);

	private final FakeMaster master;

	private final MasterLink link;

	private final JettyWebServer server;

	private final List<Socket> clients = new ArrayList<>();

	/**
	 * Start a server.
	 * @param customizer the settings
	 * @param servlet what answers every request
	 * @throws IOException if that fails
	 */
	TestJetty(Consumer<JettyServletWebServerFactory> customizer, Servlet servlet) throws IOException {
		this.master = new FakeMaster();
		this.link = this.master.link();
		this.server = start(this.link, customizer, servlet);
	}

	/**
	 * Start a server without clients, to be stopped and destroyed by the caller.
	 * @param link the link that its connections come from
	 * @param customizer the settings
	 * @param servlet what answers every request
	 * @return the server
	 */
	static JettyWebServer start(MasterLink link, Consumer<JettyServletWebServerFactory> customizer, Servlet servlet) {
		JettyServletWebServerFactory factory = new JettyServletWebServerFactory(0);
		customizer.accept(factory);
		customizer(link).customize(factory);
		JettyWebServer server = (JettyWebServer) factory.getWebServer((context) -> {
			ServletRegistration.Dynamic registration = context.addServlet("servlet", servlet);
			registration.setAsyncSupported(true);
			registration.addMapping("/*");
		});
		server.start();
		return server;
	}

	static ClusterJettyCustomizer customizer(MasterLink link) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerSingleton("link", link);
		return new ClusterJettyCustomizer(beans.getBeanProvider(MasterLink.class),
				new ListenerNames("server", List.of()));
	}

	FakeMaster master() {
		return this.master;
	}

	MasterLink link() {
		return this.link;
	}

	JettyWebServer webServer() {
		return this.server;
	}

	Server server() {
		return this.server.getServer();
	}

	ClusterServerConnector connector() {
		return (ClusterServerConnector) server().getConnectors()[0];
	}

	/**
	 * Return the server that takes part in the worker's drain.
	 * @return the drain of the server that was started last
	 */
	DrainableServer drain() {
		ArgumentCaptor<DrainableServer> drain = ArgumentCaptor.forClass(DrainableServer.class);
		verify(this.link, atLeastOnce()).add(drain.capture());
		return drain.getValue();
	}

	Socket connect() throws IOException {
		long before = this.master.taken();
		Socket client = connectWithoutTaking();
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> this.master.taken() > before);
		return client;
	}

	Socket connectWithoutTaking() throws IOException {
		Socket client = new Socket("127.0.0.1", this.master.port());
		client.setSoTimeout(10_000);
		client.setTcpNoDelay(true);
		this.clients.add(client);
		this.master.handOver(client);
		return client;
	}

	static String exchange(Socket client, String path) throws IOException {
		send(client, path);
		return answer(client);
	}

	static void send(Socket client, String path) throws IOException {
		write(client, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	}

	static void write(Socket client, String request) throws IOException {
		client.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Read an answer of known length, and no byte after it.
	 */
	static String answer(Socket client) throws IOException {
		String head = head(client);
		int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
		return head + new String(client.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
	}

	/**
	 * Read the head of an answer, and no byte after it.
	 */
	static String head(Socket client) throws IOException {
		InputStream in = client.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			assertThat(next).as("end of " + head).isNotEqualTo(-1);
			head.append((char) next);
		}
		return head.toString();
	}

	static String rest(Socket client) throws IOException {
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
	}

	/**
	 * An HTTP/2 frame.
	 *
	 * @param type its type
	 * @param stream the number of its stream
	 * @param payload its payload
	 */
	record Http2Frame(int type, int stream, byte[] payload) {

		static final int DATA = 0;

		static final int GOAWAY = 7;

		static Http2Frame read(DataInputStream in) throws IOException {
			int head = in.readInt();
			in.readByte();
			int stream = in.readInt();
			return new Http2Frame(head & 0xff, stream, in.readNBytes(head >>> 8));
		}

	}

	@Override
	public void close() throws IOException {
		for (Socket client : this.clients) {
			client.close();
		}
		this.server.stop();
		this.server.destroy();
		this.master.close();
	}

}
