package io.github.clusterboot.server.jetty;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.server.AbstractServerDrainTests;
import io.github.clusterboot.server.jetty.TestJetty.Http2Frame;
import io.github.clusterboot.worker.MasterLink;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.ManagedSelector;
import org.junit.jupiter.api.Test;

import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.Compression;
import org.springframework.boot.web.server.Http2;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JettyDrain}, {@link ReleasableEndPoint}, {@link LastAnswers} and
 * {@link Http2Sessions}, with a Jetty that serves real connections.
 */
class JettyDrainTests extends AbstractServerDrainTests {

	/**
	 * {@code HEADERS} of the stream 1, with {@code END_STREAM} and {@code END_HEADERS}:
	 * {@code GET /wait} in HPACK's literals and static table.
	 */
	private static final String GET_WAIT = "\0\0\u000f\1\5\0\0\0\1" + "\u0082\u0086" + "\4\5/wait" + "\1\4host";

	private JettyWebServer server;

	@Override
	protected void startServer(MasterLink link) {
		this.server = TestJetty.start(link, JettyDrainTests::customize, new Servlet());
	}

	private static void customize(JettyServletWebServerFactory factory) {
		Http2 http2 = new Http2();
		http2.setEnabled(true);
		factory.setHttp2(http2);
		Compression compression = new Compression();
		compression.setEnabled(true);
		compression.setMinResponseSize(DataSize.ofBytes(1));
		compression.setMimeTypes(new String[] { "text/plain" });
		factory.setCompression(compression);
	}

	@Override
	protected void stopServer() {
		this.server.stop();
		this.server.destroy();
	}

	private ClusterServerConnector connector() {
		return (ClusterServerConnector) this.server.getServer().getConnectors()[0];
	}

	@Override
	protected int selectors() {
		return connector().getSelectorManager().getSelectorCount();
	}

	@Override
	protected boolean isIdle() {
		return connector().getConnectedEndPoints()
			.stream()
			.allMatch((endPoint) -> ((ReleasableEndPoint) endPoint).isReleasable());
	}

	/**
	 * Jetty waits until the client has closed as well.
	 */
	@Override
	protected void assertEnded(Socket client) throws IOException {
		assertThat(client.getInputStream().read()).isEqualTo(-1);
		client.close();
		awaitOpen(0);
	}

	@Test
	void handBackIdleMakesJettyForgetTheConnection() throws IOException {
		connect();
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(connector().getConnectedEndPoints()).isEmpty());
		assertThat(connector().getSelectorManager().getTotalKeys()).isZero();
	}

	@Test
	void handBackIdleLeavesAnAsynchronousRequest() throws Exception {
		Socket client = connect();
		send(client, "/async");
		this.executing.await();
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.receiveHandedBack()).isZero();
		this.gate.countDown();
		assertThat(answer(client)).endsWith("/async");
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
	}

	@Test
	void handBackIdleLeavesABodyThatIsBeingRead() throws Exception {
		Socket client = connect();
		write(client, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
		this.executing.await();
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.receiveHandedBack()).isZero();
		write(client, "dy");
		assertThat(answer(client)).endsWith("/body");
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
	}

	/**
	 * Jetty's selectors are blocked: they have not deregistered the connection when they
	 * find that there is something to read.
	 */
	@Test
	void handBackIdleWhenJettyHasStillToReadLeavesTheBytes() throws IOException {
		Socket client = connect();
		assertThat(exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(this::isIdle);
		ReleasableEndPoint endPoint = endPoint();
		CountDownLatch released = holdUpSelectors();
		send(client, "/2");
		assertThat(handBackIdle()).isOne();
		assertThat(endPoint.getFillInterest().fillable()).isFalse();
		released.countDown();
		awaitHandedBack(1);
		try (SocketChannel connection = this.master.adoptHandedBack()) {
			ByteBuffer request = ByteBuffer.allocate(100);
			connection.read(request);
			assertThat(new String(request.array(), StandardCharsets.US_ASCII)).startsWith("GET /2 ");
		}
	}

	@Test
	void endWithNextAnswerClosesTheConnectionOfAClientThatDoesNot() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		assertThat(exchange(client, "/")).contains("Connection: close\r\n");
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.endWithNextAnswer();
			return this.master.open() == 0;
		});
	}

	@Test
	void endWithNextAnswerWhenThereIsNoContentAnswersWithoutChunks() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		send(client, "/none");
		assertThat(rest(client)).startsWith("HTTP/1.1 204")
			.contains("Connection: close\r\n")
			.doesNotContain("Transfer-Encoding");
	}

	@Test
	void endWithNextAnswerWhenTheClientSpeaksHttp10AnswersWithoutChunks() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		write(client, "GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
		assertThat(rest(client)).contains("Connection: close\r\n")
			.doesNotContain("Transfer-Encoding", "keep-alive")
			.endsWith("\r\n\r\n/chunks");
	}

	@Test
	void endWithNextAnswerAnswersARequestThatHasNotBeenRead() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		write(client, "POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
		assertThat(rest(client)).contains("Connection: close\r\n").endsWith("/post");
	}

	/**
	 * A client is told twice: first to begin no stream, and once it must know, which
	 * stream was the last.
	 */
	@Test
	void endWithNextAnswerClosesAnHttp2ConnectionWithoutStreams() throws IOException {
		Socket client = connect();
		write(client, HTTP2_PREFACE);
		DataInputStream in = new DataInputStream(client.getInputStream());
		Http2Frame.read(in);
		assertThat(ByteBuffer.wrap(awaitGoaway(in)).getInt()).isEqualTo(Integer.MAX_VALUE);
		Awaitility.await().atMost(PATIENCE).until(() -> ByteBuffer.wrap(awaitGoaway(in)).getInt() == 0);
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.endWithNextAnswer();
			return this.master.open() == 0;
		});
		assertThat(in.read()).isEqualTo(-1);
	}

	@Test
	void endWithNextAnswerLeavesHttp2StreamsThatAreOpen() throws Exception {
		Socket client = connect();
		write(client, HTTP2_PREFACE + GET_WAIT);
		this.executing.await();
		DataInputStream in = new DataInputStream(client.getInputStream());
		assertThat(ByteBuffer.wrap(awaitGoaway(in)).getInt()).isEqualTo(Integer.MAX_VALUE);
		long start = System.nanoTime();
		Awaitility.await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> {
			this.drain.endWithNextAnswer();
			return this.master.open() == 1;
		});
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(2));
		this.gate.countDown();
		Http2Frame frame = Http2Frame.read(in);
		while (frame.type() != Http2Frame.DATA) {
			frame = Http2Frame.read(in);
		}
		assertThat(frame.payload()).asString().isEqualTo("/wait");
		assertThat(ByteBuffer.wrap(awaitGoaway(in)).getInt()).isOne();
	}

	private byte[] awaitGoaway(DataInputStream in) throws IOException {
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.endWithNextAnswer();
			return in.available() > 0;
		});
		Http2Frame frame = Http2Frame.read(in);
		return (frame.type() == Http2Frame.GOAWAY) ? frame.payload() : awaitGoaway(in);
	}

	/**
	 * Jetty's selectors are blocked, so that they do not see the request.
	 */
	@Test
	void closeIdleLeavesARequestThatNobodyHasSeenYet() throws Exception {
		Socket client = connect();
		assertThat(exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(this::isIdle);
		ReleasableEndPoint endPoint = endPoint();
		CountDownLatch released = holdUpSelectors();
		send(client, "/2");
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> endPoint.getChannel().socket().getInputStream().available() > 0);
		this.drain.closeIdle(Duration.ZERO);
		released.countDown();
		assertThat(answer(client)).endsWith("/2");
	}

	private ReleasableEndPoint endPoint() {
		return (ReleasableEndPoint) connector().getConnectedEndPoints().iterator().next();
	}

	private CountDownLatch holdUpSelectors() {
		Collection<ManagedSelector> selectors = connector().getSelectorManager().getBeans(ManagedSelector.class);
		CountDownLatch heldUp = new CountDownLatch(selectors.size());
		CountDownLatch released = new CountDownLatch(1);
		for (ManagedSelector selector : selectors) {
			selector.submit((update) -> {
				heldUp.countDown();
				await(released);
			});
		}
		await(heldUp);
		return released;
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Answers with the path of the request.
	 */
	private final class Servlet extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			String path = request.getRequestURI();
			switch (path) {
				case "/none" -> response.setStatus(204);
				case "/wait" -> {
					awaitGate();
					answer(response, path);
				}
				case "/async" -> request.startAsync().start(() -> {
					try {
						awaitGate();
						answer(response, path);
						request.getAsyncContext().complete();
					}
					catch (IOException ex) {
						throw new IllegalStateException(ex);
					}
				});
				default -> answer(response, path);
			}
		}

		private void awaitGate() throws IOException {
			executing.countDown();
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}

		private void answer(HttpServletResponse response, String path) throws IOException {
			response.setContentType("text/plain");
			if (!path.equals("/chunks")) {
				response.setContentLength(path.length());
			}
			response.getOutputStream().print(path);
			response.flushBuffer();
		}

		@Override
		protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
			if (request.getRequestURI().equals("/body")) {
				executing.countDown();
				request.getInputStream().readAllBytes();
			}
			answer(response, request.getRequestURI());
		}

	}

}
