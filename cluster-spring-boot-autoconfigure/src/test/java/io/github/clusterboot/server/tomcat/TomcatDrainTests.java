package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.server.AbstractServerDrainTests;
import io.github.clusterboot.worker.MasterLink;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TomcatDrain} and what belongs to it.
 */
class TomcatDrainTests extends AbstractServerDrainTests {

	@TempDir
	Path directory;

	private final Tomcat tomcat = new Tomcat();

	private ClusterNioEndpoint endpoint;

	@Override
	protected void startServer(MasterLink link) throws Exception {
		ClusterHttp11NioProtocol protocol = new ClusterHttp11NioProtocol();
		protocol.connectTo(link, "server", List.of());
		this.endpoint = protocol.endpoint();
		Connector connector = new Connector(protocol);
		connector.setPort(0);
		connector.addUpgradeProtocol(new Http2Protocol());
		connector.setProperty("maxKeepAliveRequests", "-1");
		connector.setProperty("compression", "force");
		connector.setProperty("connectionTimeout", "20000");
		connector.setProperty("keepAliveTimeout", "40000");
		this.tomcat.setBaseDir(this.directory.toString());
		this.tomcat.setConnector(connector);
		Context context = this.tomcat.addContext("", null);
		Tomcat.addServlet(context, "servlet", new Servlet());
		context.addServletMappingDecoded("/*", "servlet");
		this.tomcat.start();
	}

	@Override
	protected void stopServer() throws Exception {
		if (this.tomcat.getServer().getState() != LifecycleState.DESTROYED) {
			this.tomcat.stop();
			this.tomcat.destroy();
		}
	}

	/**
	 * Tomcat has one poller.
	 */
	@Override
	protected int selectors() {
		return 1;
	}

	@Override
	protected boolean isIdle() {
		return this.endpoint.getConnections().stream().allMatch(ReleasableNioChannel::isReleasable);
	}

	@Test
	void endWithNextAnswerLeavesTheConnectionOfARequestThatHasNotBeenRead() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		write(client, "POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
		assertThat(answer(client)).doesNotContain("Connection:").endsWith("/post");
		assertThat(exchange(client, "/2")).contains("Connection: close\r\n").endsWith("/2");
	}

	/**
	 * A connection that was handed back looks like a new one, but is between two
	 * requests.
	 */
	@Test
	void setSocketOptionsGivesAConnectionTheTimeoutOfOneThatIsKeptAlive() throws IOException {
		connect();
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.endpoint.getConnections()).singleElement()
				.satisfies((connection) -> assertThat(connection.getReadTimeout()).isEqualTo(40_000)));
	}

	@Test
	void setSocketOptionsLeavesTheTimeForARequestThatHasBegun() throws IOException {
		Socket client = connect();
		client.getOutputStream().write('G');
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.endpoint.getConnections()).singleElement()
				.satisfies((connection) -> assertThat(connection.getReadTimeout()).isEqualTo(20_000)));
	}

	/**
	 * Tomcat's only poller is blocked, so that it does not see the request.
	 */
	@Test
	void closeIdleLeavesARequestThatNobodyHasSeenYet() throws IOException {
		Socket client = connect();
		assertThat(exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(this::isIdle);
		NioSocketWrapper wrapper = (NioSocketWrapper) this.endpoint.getConnections().iterator().next();
		Set<SelectionKey> keys = wrapper.getPoller().getSelector().selectedKeys();
		synchronized (keys) {
			// a selection holds this monitor, see java.nio.channels.Selector
			wrapper.getPoller().getSelector().wakeup();
			send(client, "/2");
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> wrapper.getSocket().getIOChannel().socket().getInputStream().available() > 0);
			this.drain.closeIdle(Duration.ZERO);
		}
		assertThat(answer(client)).endsWith("/2");
	}

	/**
	 * Answers with the path of the request.
	 */
	private final class Servlet extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			String path = request.getRequestURI();
			if (path.equals("/wait")) {
				executing.countDown();
				try {
					gate.await();
				}
				catch (InterruptedException ex) {
					throw new IOException(ex);
				}
			}
			if (!path.equals("/chunks")) {
				response.setContentLength(path.length());
			}
			response.getOutputStream().print(path);
			response.flushBuffer();
		}

		@Override
		protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
			doGet(request, response);
		}

	}

}
