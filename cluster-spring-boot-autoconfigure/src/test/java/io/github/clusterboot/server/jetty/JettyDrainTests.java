package io.github.clusterboot.server.jetty;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.server.jetty.TestJetty.Http2Frame;
import io.github.clusterboot.worker.DrainableServer;
import io.github.clusterboot.worker.FakeMaster;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.ManagedSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.Compression;
import org.springframework.boot.web.server.Http2;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JettyDrain}, {@link ReleasableEndPoint}, {@link LastAnswers} and
 * {@link Http2Sessions}, with a Jetty that serves real connections.
 */
@Timeout(60)
class JettyDrainTests {

	private static final Duration PATIENCE = TestJetty.PATIENCE;

	private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

	/**
	 * {@code HEADERS} of the stream 1, with {@code END_STREAM} and {@code END_HEADERS}:
	 * {@code GET /wait} in HPACK's literals and static table.
	 */
	private static final String GET_WAIT = "\0\0\u000f\1\5\0\0\0\1" + "\u0082\u0086" + "\4\5/wait" + "\1\4host";

	private final CountDownLatch gate = new CountDownLatch(1);

	private final CountDownLatch executing = new CountDownLatch(1);

	private TestJetty jetty;

	private FakeMaster master;

	private DrainableServer drain;

	@BeforeEach
	void start() throws Exception {
		this.jetty = new TestJetty(JettyDrainTests::customize, new Servlet());
		this.master = this.jetty.master();
		this.drain = this.jetty.drain();
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

	@AfterEach
	void stop() throws Exception {
		this.gate.countDown();
		this.jetty.close();
	}

	@Test
	void handBackIdleGivesAKeptAliveConnectionToTheMaster() throws IOException {
		Socket client = this.jetty.connect();
		assertThat(TestJetty.exchange(client, "/1")).endsWith("/1");
		awaitHandedBack(1);
		assertThat(this.master.open()).isZero();
		try (SocketChannel connection = this.master.adoptHandedBack()) {
			TestJetty.send(client, "/2");
			connection.configureBlocking(true);
			ByteBuffer request = ByteBuffer.allocate(100);
			connection.read(request);
			assertThat(new String(request.array(), StandardCharsets.US_ASCII)).startsWith("GET /2 ");
			connection.write(ByteBuffer.wrap("other worker".getBytes(StandardCharsets.US_ASCII)));
		}
		assertThat(TestJetty.rest(client)).isEqualTo("other worker");
	}

	@Test
	void handBackIdleGivesAConnectionWithoutAnyRequestToTheMaster() throws IOException {
		this.jetty.connect();
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
	}

	@Test
	void handBackIdleLetsJettyForgetTheConnection() throws IOException {
		this.jetty.connect();
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.jetty.connector().getConnectedEndPoints()).isEmpty());
		assertThat(this.jetty.connector().getSelectorManager().getTotalKeys()).isZero();
	}

	@Test
	void handBackIdleWhenThereAreManyIsFast() throws IOException {
		for (int i = 0; i < 200; i++) {
			assertThat(TestJetty.exchange(this.jetty.connect(), "/")).endsWith("/");
		}
		Awaitility.await().atMost(PATIENCE).until(() -> this.master.open() == 200);
		long start = System.nanoTime();
		awaitHandedBack(200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		for (int i = 0; i < 200; i++) {
			this.master.adoptHandedBack().close();
		}
	}

	/**
	 * The connections change their owner all the time while they are used: each request
	 * is answered, once, with its own answer.
	 */
	@RepeatedTest(3)
	void handBackIdleWhenClientsAreSendingLosesNothing() throws Exception {
		int count = 16;
		int requests = 300;
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService executor = Executors.newCachedThreadPool();
		try {
			Future<Integer> again = executor.submit(() -> handOverAgainUntil(done));
			List<Future<?>> users = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				Socket client = this.jetty.connect();
				int number = i;
				users.add(executor.submit(() -> use(client, number, requests)));
			}
			Future<?> handingBack = executor.submit(() -> {
				while (!done.get()) {
					handBackIdle();
				}
				return null;
			});
			for (Future<?> user : users) {
				user.get(50, TimeUnit.SECONDS);
			}
			done.set(true);
			handingBack.get(5, TimeUnit.SECONDS);
			assertThat(again.get(5, TimeUnit.SECONDS)).isGreaterThan(count);
		}
		finally {
			done.set(true);
			executor.shutdownNow();
		}
	}

	private Integer handOverAgainUntil(AtomicBoolean done) throws IOException {
		int count = 0;
		while (!done.get()) {
			int descriptor = this.master.receiveHandedBack();
			if (descriptor > 0) {
				this.master.handOver(descriptor);
				count++;
			}
			else {
				Thread.onSpinWait();
			}
		}
		return count;
	}

	private Void use(Socket client, int number, int requests) throws IOException {
		for (int i = 0; i < requests; i++) {
			String path = "/" + number + "/" + i;
			assertThat(TestJetty.exchange(client, path)).endsWith(path);
		}
		return null;
	}

	@Test
	void handBackIdleLeavesARequestThatIsExecuting() throws Exception {
		Socket client = this.jetty.connect();
		TestJetty.send(client, "/wait");
		this.executing.await();
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.receiveHandedBack()).isZero();
		this.gate.countDown();
		assertThat(TestJetty.answer(client)).endsWith("/wait");
	}

	@Test
	void handBackIdleLeavesAnAsynchronousRequest() throws Exception {
		Socket client = this.jetty.connect();
		TestJetty.send(client, "/async");
		this.executing.await();
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.receiveHandedBack()).isZero();
		this.gate.countDown();
		assertThat(TestJetty.answer(client)).endsWith("/async");
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
	}

	@Test
	void handBackIdleLeavesARequestThatIsBeingRead() throws Exception {
		Socket client = this.jetty.connect();
		TestJetty.write(client, "GET /half HT");
		awaitSeen();
		Awaitility.await().atMost(PATIENCE).until(() -> {
			handBackIdle();
			return this.master.open() == 1;
		});
		TestJetty.write(client, "TP/1.1\r\nHost: x\r\n\r\n");
		assertThat(TestJetty.answer(client)).endsWith("/half");
	}

	/**
	 * The selectors have seen what came before when each of them has answered somebody
	 * who came later.
	 */
	private void awaitSeen() throws IOException {
		for (int i = 0; i < this.jetty.connector().getSelectorManager().getSelectorCount(); i++) {
			assertThat(TestJetty.exchange(this.jetty.connect(), "/")).endsWith("/");
		}
	}

	@Test
	void handBackIdleLeavesABodyThatIsBeingRead() throws Exception {
		Socket client = this.jetty.connect();
		TestJetty.write(client, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
		this.executing.await();
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.receiveHandedBack()).isZero();
		TestJetty.write(client, "dy");
		assertThat(TestJetty.answer(client)).endsWith("/body");
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
	}

	/**
	 * Jetty's selectors are held up: they do not forget the connection, and then find
	 * that there is something to read.
	 */
	@Test
	void handBackIdleWhenJettyHasStillToReadLeavesTheBytes() throws IOException {
		Socket client = this.jetty.connect();
		assertThat(TestJetty.exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(this::isIdle);
		ReleasableEndPoint endPoint = endPoint();
		CountDownLatch released = holdUpSelectors();
		TestJetty.send(client, "/2");
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

	/**
	 * What was let go of belongs to nobody else.
	 */
	@Test
	void stopClosesWhatTheMasterHasNotGot() throws Exception {
		Socket client = this.jetty.connect();
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.releaseIdle();
			return this.master.open() == 0;
		});
		this.jetty.connector().stop();
		assertThat(client.getInputStream().read()).isEqualTo(-1);
		assertThat(this.drain.handBackReleased()).isZero();
	}

	@Test
	void handBackReleasedWhenTheWayToTheMasterIsBrokenTriesAnother() throws IOException {
		this.jetty.connect();
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.releaseIdle();
			return this.master.open() == 0;
		});
		this.master.breakHandBack();
		assertThatExceptionOfType(IOException.class).isThrownBy(this.drain::handBackReleased);
		assertThat(this.drain.handBackReleased()).isZero();
		this.master.adoptHandedBack().close();
	}

	@Test
	void endWithNextAnswerEndsTheConnectionWithItsNextAnswer() throws IOException {
		Socket client = this.jetty.connect();
		assertThat(TestJetty.exchange(client, "/1")).doesNotContain("Connection:");
		this.drain.endWithNextAnswer();
		assertThat(TestJetty.exchange(client, "/2")).contains("Connection: close\r\n").endsWith("/2");
		assertThat(client.getInputStream().read()).isEqualTo(-1);
		client.close();
		awaitOpen(0);
	}

	/**
	 * The answer is flushed before the servlet returns, as Spring's message converters
	 * do.
	 */
	@Test
	void endWithNextAnswerEndsTheConnectionOfARequestThatIsExecuting() throws Exception {
		Socket client = this.jetty.connect();
		TestJetty.send(client, "/wait");
		this.executing.await();
		this.drain.endWithNextAnswer();
		this.gate.countDown();
		assertThat(TestJetty.answer(client)).contains("Connection: close\r\n").endsWith("/wait");
		assertThat(client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void endWithNextAnswerClosesTheConnectionOfAClientThatDoesNot() throws IOException {
		Socket client = this.jetty.connect();
		this.drain.endWithNextAnswer();
		assertThat(TestJetty.exchange(client, "/")).contains("Connection: close\r\n");
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.endWithNextAnswer();
			return this.master.open() == 0;
		});
	}

	/**
	 * A client can tell an answer in chunks that breaks off from a complete one.
	 */
	@Test
	void endWithNextAnswerLeavesAnAnswerOfUnknownLengthItsChunks() throws IOException {
		Socket client = this.jetty.connect();
		this.drain.endWithNextAnswer();
		TestJetty.send(client, "/chunks");
		assertThat(TestJetty.rest(client)).contains("Connection: close\r\n", "Transfer-Encoding: chunked\r\n")
			.endsWith("\r\n7\r\n/chunks\r\n0\r\n\r\n");
	}

	@Test
	void endWithNextAnswerLeavesACompressedAnswerItsChunks() throws IOException {
		Socket client = this.jetty.connect();
		this.drain.endWithNextAnswer();
		TestJetty.write(client, "GET /chunks HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
		assertThat(TestJetty.rest(client))
			.contains("Connection: close\r\n", "Content-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n")
			.endsWith("\r\n0\r\n\r\n");
	}

	@Test
	void endWithNextAnswerAnswersAHeadRequestWithoutChunks() throws IOException {
		Socket client = this.jetty.connect();
		this.drain.endWithNextAnswer();
		TestJetty.write(client, "HEAD /chunks HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertThat(TestJetty.rest(client)).contains("Connection: close\r\n")
			.endsWith("\r\n\r\n")
			.doesNotContain("7\r\n");
	}

	@Test
	void endWithNextAnswerWhenThereIsNoContentAnswersWithoutChunks() throws IOException {
		Socket client = this.jetty.connect();
		this.drain.endWithNextAnswer();
		TestJetty.send(client, "/none");
		assertThat(TestJetty.rest(client)).startsWith("HTTP/1.1 204")
			.contains("Connection: close\r\n")
			.doesNotContain("Transfer-Encoding");
	}

	@Test
	void endWithNextAnswerWhenTheClientSpeaksHttp10AnswersWithoutChunks() throws IOException {
		Socket client = this.jetty.connect();
		this.drain.endWithNextAnswer();
		TestJetty.write(client, "GET /chunks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
		assertThat(TestJetty.rest(client)).contains("Connection: close\r\n")
			.doesNotContain("Transfer-Encoding", "keep-alive")
			.endsWith("\r\n\r\n/chunks");
	}

	@Test
	void endWithNextAnswerAnswersARequestThatHasNotBeenRead() throws IOException {
		Socket client = this.jetty.connect();
		this.drain.endWithNextAnswer();
		TestJetty.write(client, "POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
		assertThat(TestJetty.rest(client)).contains("Connection: close\r\n").endsWith("/post");
	}

	@Test
	void endWithNextAnswerTellsHttp2ClientsToGoAway() throws IOException {
		Socket client = this.jetty.connect();
		TestJetty.write(client, PREFACE);
		DataInputStream in = new DataInputStream(client.getInputStream());
		Http2Frame.read(in);
		assertThat(ByteBuffer.wrap(awaitGoaway(in)).getInt()).isEqualTo(Integer.MAX_VALUE);
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.open()).isOne();
		Awaitility.await().atMost(PATIENCE).until(() -> ByteBuffer.wrap(awaitGoaway(in)).getInt() == 0);
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.endWithNextAnswer();
			return this.master.open() == 0;
		});
		assertThat(in.read()).isEqualTo(-1);
	}

	@Test
	void endWithNextAnswerLeavesHttp2StreamsThatAreOpen() throws Exception {
		Socket client = this.jetty.connect();
		TestJetty.write(client, PREFACE + GET_WAIT);
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

	@Test
	void closeIdleClosesWhatIsIdle() throws IOException {
		Socket client = this.jetty.connect();
		assertThat(TestJetty.exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.closeIdle(Duration.ZERO);
			return this.master.open() == 0;
		});
		assertThat(client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void closeIdleLeavesWhatHasNotBeenIdleForLong() throws IOException {
		Socket client = this.jetty.connect();
		assertThat(TestJetty.exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(this::isIdle);
		this.drain.closeIdle(Duration.ofSeconds(20));
		assertThat(TestJetty.exchange(client, "/2")).endsWith("/2");
	}

	private boolean isIdle() {
		return this.jetty.connector()
			.getConnectedEndPoints()
			.stream()
			.allMatch((endPoint) -> ((ReleasableEndPoint) endPoint).isReleasable());
	}

	/**
	 * Jetty's selectors are held up, so that they do not see the request.
	 */
	@Test
	void closeIdleLeavesARequestThatNobodyHasSeenYet() throws Exception {
		Socket client = this.jetty.connect();
		assertThat(TestJetty.exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(this::isIdle);
		ReleasableEndPoint endPoint = endPoint();
		CountDownLatch released = holdUpSelectors();
		TestJetty.send(client, "/2");
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> endPoint.getChannel().socket().getInputStream().available() > 0);
		this.drain.closeIdle(Duration.ZERO);
		released.countDown();
		assertThat(TestJetty.answer(client)).endsWith("/2");
	}

	private ReleasableEndPoint endPoint() {
		return (ReleasableEndPoint) this.jetty.connector().getConnectedEndPoints().iterator().next();
	}

	private CountDownLatch holdUpSelectors() {
		Collection<ManagedSelector> selectors = this.jetty.connector()
			.getSelectorManager()
			.getBeans(ManagedSelector.class);
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

	@Test
	void closeIdleLeavesARequestThatIsExecuting() throws Exception {
		Socket client = this.jetty.connect();
		TestJetty.send(client, "/wait");
		this.executing.await();
		this.drain.closeIdle(Duration.ZERO);
		client.setSoTimeout(200);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
		client.setSoTimeout(5000);
		this.gate.countDown();
		assertThat(TestJetty.answer(client)).endsWith("/wait");
	}

	private int handBackIdle() throws IOException {
		this.drain.releaseIdle();
		return this.drain.handBackReleased();
	}

	private void awaitHandedBack(int count) {
		Awaitility.await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> {
			int onTheWay = handBackIdle();
			return this.master.open() == 0 && onTheWay == 0 && this.jetty.clients() == count;
		});
	}

	private void awaitOpen(int count) {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.master.open()).isEqualTo(count));
	}

	/**
	 * Answers with the path that was asked for.
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
			JettyDrainTests.this.executing.countDown();
			try {
				JettyDrainTests.this.gate.await();
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
				JettyDrainTests.this.executing.countDown();
				request.getInputStream().readAllBytes();
			}
			answer(response, request.getRequestURI());
		}

	}

}
