package io.github.clusterboot.server.tomcat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.worker.DrainableServer;
import io.github.clusterboot.worker.FakeMaster;
import io.github.clusterboot.worker.ListenerNames;
import io.github.clusterboot.worker.MasterLink;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

/**
 * Tests for the drain of a connector that the application has added. In detail it is that
 * of the server's own, see {@link TomcatDrainTests}.
 */
@Timeout(60)
class FurtherConnectorDrainTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final int GOAWAY = 7;

	@TempDir
	Path directory;

	private final Tomcat tomcat = new Tomcat();

	private FakeMaster master;

	private DrainableServer drain;

	private Socket client;

	@BeforeEach
	void start() throws Exception {
		this.master = new FakeMaster();
		MasterLink link = this.master.link();
		this.tomcat.setBaseDir(this.directory.toString());
		this.tomcat.setConnector(connector());
		this.tomcat.getService().addConnector(connector());
		Context context = this.tomcat.addContext("", null);
		Tomcat.addServlet(context, "servlet", new Servlet());
		context.addServletMappingDecoded("/*", "servlet");
		new ConnectorReplacer(link, new ListenerNames("server", List.of("server")), List.of()).customize(context);
		this.tomcat.start();
		ArgumentCaptor<DrainableServer> server = ArgumentCaptor.forClass(DrainableServer.class);
		verify(link).add(server.capture());
		this.drain = server.getValue();
		this.client = new Socket("127.0.0.1", this.master.port());
		this.client.setSoTimeout(10_000);
		this.master.handOver(this.client);
	}

	private static Connector connector() {
		Connector connector = new Connector();
		connector.setPort(0);
		connector.addUpgradeProtocol(new Http2Protocol());
		return connector;
	}

	@AfterEach
	void stop() throws Exception {
		this.client.close();
		this.tomcat.stop();
		this.tomcat.destroy();
		this.master.close();
	}

	@Test
	void handBackIdleGivesAKeptAliveConnectionToTheMaster() throws IOException {
		send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertThat(answerUpTo("/1")).startsWith("HTTP/1.1 200");
		assertThat(this.master.open()).isOne();
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.releaseIdle();
			return this.drain.handBackReleased() == 0 && this.master.open() == 0;
		});
		try (SocketChannel connection = this.master.adoptHandedBack()) {
			connection.configureBlocking(true);
			connection.write(ByteBuffer.wrap("other worker".getBytes(StandardCharsets.US_ASCII)));
		}
		assertThat(rest()).isEqualTo("other worker");
	}

	@Test
	void endWithNextAnswerEndsTheConnectionWithItsNextAnswer() throws IOException {
		this.drain.endWithNextAnswer();
		send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertThat(rest()).contains("Connection: close\r\n").endsWith("/1");
		Awaitility.await().atMost(PATIENCE).until(() -> this.master.open() == 0);
	}

	@Test
	void endWithNextAnswerTellsHttp2ClientsToGoAway() throws IOException {
		send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
		DataInputStream in = new DataInputStream(this.client.getInputStream());
		readFrame(in);
		Awaitility.await().atMost(PATIENCE).until(() -> {
			// a connection that is busy is told the next time
			this.drain.endWithNextAnswer();
			return in.available() > 0 && readFrame(in) == GOAWAY;
		});
	}

	private static int readFrame(DataInputStream in) throws IOException {
		int head = in.readInt();
		in.skipNBytes(5);
		in.skipNBytes(head >>> 8);
		return head & 0xff;
	}

	private void send(String request) throws IOException {
		this.client.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
	}

	private String answerUpTo(String end) throws IOException {
		StringBuilder answer = new StringBuilder();
		while (!answer.toString().endsWith("\r\n\r\n" + end)) {
			int next = this.client.getInputStream().read();
			assertThat(next).as("end of " + answer).isNotEqualTo(-1);
			answer.append((char) next);
		}
		return answer.toString();
	}

	private String rest() throws IOException {
		return new String(this.client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
	}

	/**
	 * Answers with the path of the request.
	 */
	private static final class Servlet extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setContentLength(request.getRequestURI().length());
			response.getOutputStream().print(request.getRequestURI());
		}

	}

}
