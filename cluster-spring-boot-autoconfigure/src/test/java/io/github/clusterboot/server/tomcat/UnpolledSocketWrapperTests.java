package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.worker.FakeMaster;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link UnpolledSocketWrapper}: each request is here before its connection is
 * handed over.
 */
@Timeout(60)
class UnpolledSocketWrapperTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * More than the kernel takes at once.
	 */
	private static final int LARGE = 20_000_000;

	/**
	 * More than the client takes at once.
	 */
	private static final int EARLY = 1_000_000;

	@TempDir
	Path directory;

	private final Tomcat tomcat = new Tomcat();

	private final CountDownLatch executing = new CountDownLatch(1);

	private final CountDownLatch gate = new CountDownLatch(1);

	private FakeMaster master;

	private ClusterNioEndpoint endpoint;

	@BeforeEach
	void start() throws Exception {
		this.master = new FakeMaster();
		ClusterHttp11NioProtocol protocol = new ClusterHttp11NioProtocol();
		protocol.connectTo(this.master.link(), "server", List.of());
		this.endpoint = protocol.endpoint();
		Connector connector = new Connector(protocol);
		connector.setPort(0);
		connector.setProperty("connectionTimeout", "10000");
		connector.setProperty("executorTerminationTimeoutMillis", "0");
		this.tomcat.setBaseDir(this.directory.toString());
		this.tomcat.setConnector(connector);
		StandardContext context = (StandardContext) this.tomcat.addContext("", null);
		context.setUnloadDelay(100);
		Tomcat.addServlet(context, "servlet", new Servlet()).setAsyncSupported(true);
		context.addServletMappingDecoded("/*", "servlet");
		this.tomcat.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.tomcat.stop();
		this.tomcat.destroy();
		this.master.close();
	}

	@Test
	void closeDoesNotNeedThePoller() throws IOException {
		try (Socket client = connect("GET /keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) {
			assertThat(answer(client)).endsWith("keys: 0");
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.master.open()).isZero());
			assertThat(this.endpoint.getKeepAliveCount()).isZero();
		}
	}

	/**
	 * The kernel resets a connection that is closed with unread bytes, and drops what the
	 * client has not received yet.
	 */
	@Test
	void closeWhenTheRequestIsNotReadLeavesTheClientTimeForTheAnswer() throws IOException {
		try (Socket client = new Socket()) {
			client.setReceiveBufferSize(4096);
			client.setSoTimeout(10_000);
			client.connect(new InetSocketAddress("127.0.0.1", this.master.port()));
			write(client,
					"POST /early HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 90000\r\n\r\n"
							+ "x".repeat(60_000));
			this.master.handOver(client);
			assertThat(answer(client)).hasSizeGreaterThan(EARLY);
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
	}

	/**
	 * The body comes after the answer.
	 */
	@Test
	void closeWhenTheRequestIsNotUnderstoodAllowsTheClientToSendTheRest() throws IOException {
		letThePollerSleep();
		try (Socket client = connect("POST /keys HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n")) {
			assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 400 ");
			assertThatNoException().isThrownBy(() -> {
				for (int i = 0; i < 3; i++) {
					write(client, "body");
				}
			});
		}
	}

	/**
	 * The poller completes a close when it next wakes up.
	 */
	private void letThePollerSleep() throws IOException {
		this.endpoint.setSelectorTimeout(60_000);
		try (Socket client = connect(get("/keys"))) {
			answer(client);
			Awaitility.await().atMost(PATIENCE).until(() -> this.endpoint.getKeepAliveCount() == 1);
			write(client, get("/keys"));
			answer(client);
		}
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.master.open()).isZero());
	}

	@Test
	void requestsThatCameTogetherAreAllAnswered() throws IOException {
		String last = "GET /keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
		try (Socket client = connect(get("/keys") + get("/keys") + last)) {
			for (int i = 0; i < 3; i++) {
				assertThat(answer(client)).endsWith("keys: 0");
			}
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.master.open()).isZero());
		}
	}

	@Test
	void connectionThatNoThreadCanBeGivenToIsClosedAndCountedOnce() throws Exception {
		((ThreadPoolExecutor) this.endpoint.getExecutor()).shutdown();
		try (Socket client = connect(get("/keys"))) {
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			this.tomcat.stop();
			assertThat(this.master.taken()).isEqualTo(1);
			assertThat(this.master.open()).isZero();
		}
	}

	@Test
	void registerReadInterestMakesThePollerWaitForTheNextRequest() throws IOException {
		try (Socket client = connectUnpolled(get("/keys"))) {
			assertThat(answer(client)).endsWith("keys: 0");
			Awaitility.await().atMost(PATIENCE).until(() -> this.endpoint.getKeepAliveCount() == 1);
			write(client, get("/keys"));
			assertThat(answer(client)).endsWith("keys: 1");
			write(client, get("/keys") + get("/keys"));
			assertThat(answer(client)).endsWith("keys: 1");
			assertThat(answer(client)).endsWith("keys: 1");
		}
	}

	@Test
	void registerReadInterestMakesThePollerWaitForTheRestOfARequest() throws IOException {
		try (Socket client = connectUnpolled("GET /keys HTTP")) {
			Awaitility.await().atMost(PATIENCE).until(() -> this.endpoint.getKeepAliveCount() == 1);
			write(client, "/1.1\r\nHost: localhost\r\n\r\n");
			assertThat(answer(client)).endsWith("keys: 1");
		}
	}

	/**
	 * A blocking read.
	 */
	@Test
	void registerReadInterestMakesThePollerWaitForTheBody() throws Exception {
		try (Socket client = connectUnpolled("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n")) {
			assertThat(this.executing.await(10, TimeUnit.SECONDS)).isTrue();
			Awaitility.await().atMost(PATIENCE).until(() -> this.endpoint.getKeepAliveCount() == 1);
			write(client, "body");
			assertThat(answer(client)).endsWith("body");
		}
	}

	@Test
	void registerReadInterestHasTheConnectionTimeOut() throws IOException {
		this.endpoint.setConnectionTimeout(500);
		try (Socket client = connect("GET /keys HTTP")) {
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.master.open()).isZero());
		}
	}

	@Test
	void registerWriteInterestMakesThePollerWaitForRoom() throws IOException {
		try (Socket client = connectUnpolled(get("/large"))) {
			Awaitility.await().atMost(PATIENCE).until(() -> this.endpoint.getKeepAliveCount() == 1);
			assertThat(answer(client)).hasSizeGreaterThan(LARGE);
			write(client, get("/keys"));
			assertThat(answer(client)).endsWith("keys: 1");
		}
	}

	@Test
	void processSendfileMakesThePollerWaitForRoom() throws IOException {
		byte[] content = new byte[LARGE];
		Arrays.fill(content, (byte) 'f');
		Files.write(this.directory.resolve("file"), content);
		try (Socket client = connectUnpolled(get("/file"))) {
			Awaitility.await().atMost(PATIENCE).until(() -> this.endpoint.getKeepAliveCount() == 1);
			assertThat(answer(client)).hasSizeGreaterThan(LARGE).endsWith("ff");
			write(client, get("/keys"));
			assertThat(answer(client)).endsWith("keys: 1");
		}
	}

	/**
	 * Tomcat leaves it to its poller to close connections that are being processed.
	 */
	@Test
	void stopClosesAConnectionThatThePollerDoesNotKnow() throws Exception {
		try (Socket client = connectUnpolled(get("/wait"))) {
			assertThat(this.executing.await(10, TimeUnit.SECONDS)).isTrue();
			this.tomcat.stop();
			assertThat(client.getInputStream().readAllBytes()).isEmpty();
			assertThat(this.master.open()).isZero();
		}
		finally {
			this.gate.countDown();
		}
	}

	private static String get(String path) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
	}

	private Socket connect(String request) throws IOException {
		Socket client = new Socket("127.0.0.1", this.master.port());
		client.setSoTimeout(10_000);
		write(client, request);
		this.master.handOver(client);
		return client;
	}

	/**
	 * Connect, and assert that Tomcat's poller does not wait for the connection.
	 */
	private Socket connectUnpolled(String request) throws IOException {
		Socket client = connect(request);
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.endpoint.getConnections()).singleElement()
				.isInstanceOf(UnpolledSocketWrapper.class));
		return client;
	}

	private static void write(Socket client, String bytes) throws IOException {
		client.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
	}

	private static String answer(Socket client) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = client.getInputStream().read();
			assertThat(next).as("end of " + head).isNotEqualTo(-1);
			head.append((char) next);
		}
		int length = Integer.parseInt(head.toString().replaceAll("(?is).*Content-Length: (\\d+).*", "$1"));
		return head + new String(client.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
	}

	/**
	 * Answers with the number of connections that the poller knows, or as asked to.
	 */
	private final class Servlet extends HttpServlet {

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			switch (request.getRequestURI()) {
				case "/echo" -> {
					UnpolledSocketWrapperTests.this.executing.countDown();
					send(response, new String(request.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
				}
				case "/early" -> {
					AsyncContext async = request.startAsync();
					async.start(() -> sendEarly(async));
				}
				case "/large" -> sendLarge(request, response);
				case "/file" -> {
					response.setContentLength(LARGE);
					request.setAttribute("org.apache.tomcat.sendfile.filename",
							UnpolledSocketWrapperTests.this.directory.resolve("file").toRealPath().toString());
					request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
					request.setAttribute("org.apache.tomcat.sendfile.end", (long) LARGE);
				}
				case "/wait" -> waitAtTheGate();
				default -> send(response, "keys: " + UnpolledSocketWrapperTests.this.endpoint.getKeepAliveCount());
			}
		}

		private void send(HttpServletResponse response, String body) throws IOException {
			response.setContentLength(body.length());
			response.getOutputStream().print(body);
		}

		private void sendEarly(AsyncContext async) {
			try {
				async.getResponse().setContentLength(EARLY);
				async.getResponse().getOutputStream().write(new byte[EARLY]);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			finally {
				async.complete();
			}
		}

		/**
		 * Interrupts have no effect here.
		 */
		private void waitAtTheGate() {
			UnpolledSocketWrapperTests.this.executing.countDown();
			boolean waiting = true;
			while (waiting) {
				try {
					UnpolledSocketWrapperTests.this.gate.await();
					waiting = false;
				}
				catch (InterruptedException ex) {
					// the executor has been shut down
				}
			}
		}

		private void sendLarge(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setContentLength(LARGE);
			AsyncContext async = request.startAsync();
			ServletOutputStream out = response.getOutputStream();
			out.setWriteListener(new WriteListener() {

				private int left = LARGE;

				@Override
				public void onWritePossible() throws IOException {
					while (this.left > 0 && out.isReady()) {
						int count = Math.min(this.left, 100_000);
						out.write(new byte[count]);
						this.left -= count;
					}
					if (this.left == 0 && out.isReady()) {
						async.complete();
					}
				}

				@Override
				public void onError(Throwable failure) {
					async.complete();
				}

			});
		}

	}

}
