package io.github.clusterboot.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.worker.DrainableServer;
import io.github.clusterboot.worker.FakeMaster;
import io.github.clusterboot.worker.MasterLink;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.ArgumentCaptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.verify;

/**
 * Base for tests of a server's drain, with {@link FakeMaster}.
 * <p>
 * The server answers with the path of the request: {@code /wait} when the test opens the
 * gate, {@code /chunks} without a length. It compresses answers for clients that accept
 * that.
 */
@Timeout(60)
public abstract class AbstractServerDrainTests {

	protected static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * The client's part of the HTTP/2 handshake: the magic and empty {@code SETTINGS}.
	 */
	protected static final String HTTP2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

	private static final int GOAWAY = 7;

	/**
	 * The requests of each client, whose connection keeps changing its owner.
	 */
	private static final int REQUESTS = Boolean.getBoolean("it.long") ? 300 : 100;

	protected final CountDownLatch gate = new CountDownLatch(1);

	protected final CountDownLatch executing = new CountDownLatch(1);

	private final List<Socket> clients = new ArrayList<>();

	protected FakeMaster master;

	protected DrainableServer drain;

	@BeforeEach
	void start() throws Exception {
		this.master = new FakeMaster();
		MasterLink link = this.master.link();
		startServer(link);
		ArgumentCaptor<DrainableServer> server = ArgumentCaptor.forClass(DrainableServer.class);
		verify(link).add(server.capture());
		this.drain = server.getValue();
	}

	@AfterEach
	void stop() throws Exception {
		this.gate.countDown();
		for (Socket client : this.clients) {
			client.close();
		}
		stopServer();
		this.master.close();
	}

	/**
	 * Start the server, with HTTP/2 without TLS.
	 * @param link the link that its connections come from
	 * @throws Exception if it cannot start
	 */
	protected abstract void startServer(MasterLink link) throws Exception;

	/**
	 * Stop the server. May be called again.
	 * @throws Exception if it cannot stop
	 */
	protected abstract void stopServer() throws Exception;

	/**
	 * Return how many selectors, or event loops, the server gives its connections to in
	 * turn.
	 * @return the number
	 */
	protected abstract int selectors();

	/**
	 * Return whether every connection is idle. A client may have its answer before that.
	 * @return whether it is; always {@code true} for a server that is idle by then
	 */
	protected boolean isIdle() {
		return true;
	}

	/**
	 * Assert that the server ends a connection from which the client has read everything.
	 * @param client the client
	 * @throws IOException if the connection is broken instead
	 */
	protected void assertEnded(Socket client) throws IOException {
		assertThat(client.getInputStream().read()).isEqualTo(-1);
		awaitOpen(0);
	}

	@Test
	void handBackIdleGivesAKeptAliveConnectionToTheMaster() throws IOException {
		Socket client = connect();
		assertThat(exchange(client, "/1")).endsWith("/1");
		awaitHandedBack(1);
		assertThat(this.master.open()).isZero();
		try (SocketChannel connection = this.master.adoptHandedBack()) {
			send(client, "/2");
			connection.configureBlocking(true);
			ByteBuffer request = ByteBuffer.allocate(100);
			connection.read(request);
			assertThat(new String(request.array(), StandardCharsets.US_ASCII)).startsWith("GET /2 ");
			connection.write(ByteBuffer.wrap("other worker".getBytes(StandardCharsets.US_ASCII)));
		}
		assertThat(rest(client)).isEqualTo("other worker");
	}

	@Test
	void handBackIdleGivesAConnectionWithoutAnyRequestToTheMaster() throws IOException {
		connect();
		awaitHandedBack(1);
		this.master.adoptHandedBack().close();
	}

	@Test
	void handBackIdleWhenThereAreManyIsFast() throws IOException {
		for (int i = 0; i < 200; i++) {
			assertThat(exchange(connect(), "/")).endsWith("/");
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
	 * The connections keep changing their owner while they are used: each request is
	 * answered once, with its own answer. A busy machine gets through fewer of them.
	 */
	@RepeatedTest(3)
	void handBackIdleWhenClientsAreSendingLosesNothing() throws Exception {
		int count = 16;
		Duration time = Duration.ofSeconds(10);
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService executor = Executors.newCachedThreadPool();
		try {
			Future<Integer> again = executor.submit(() -> handOverAgainUntil(done));
			List<Future<?>> users = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				Socket client = connect();
				int number = i;
				users.add(executor.submit(() -> use(client, number, time)));
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
				Thread.yield();
			}
		}
		return count;
	}

	private Void use(Socket client, int number, Duration time) throws IOException {
		long start = System.nanoTime();
		for (int i = 0; i < REQUESTS && System.nanoTime() - start < time.toNanos(); i++) {
			String path = "/" + number + "/" + i;
			assertThat(exchange(client, path)).endsWith(path);
		}
		return null;
	}

	@Test
	void handBackIdleLeavesARequestThatIsExecuting() throws Exception {
		Socket client = connect();
		send(client, "/wait");
		this.executing.await();
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.receiveHandedBack()).isZero();
		this.gate.countDown();
		assertThat(answer(client)).endsWith("/wait");
	}

	@Test
	void handBackIdleLeavesARequestThatIsBeingRead() throws Exception {
		Socket client = connect();
		write(client, "GET /half HT");
		awaitSeen();
		Awaitility.await().atMost(PATIENCE).until(() -> {
			handBackIdle();
			return this.master.open() == 1;
		});
		write(client, "TP/1.1\r\nHost: x\r\n\r\n");
		assertThat(answer(client)).endsWith("/half");
	}

	/**
	 * Once each selector has answered a client that came later, it has seen everything
	 * that came before.
	 */
	protected final void awaitSeen() throws IOException {
		for (int i = 0; i < selectors(); i++) {
			assertThat(exchange(connect(), "/")).endsWith("/");
		}
	}

	/**
	 * Released connections have no other owner.
	 */
	@Test
	void stopClosesWhatTheMasterHasNotGot() throws Exception {
		Socket client = connect();
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.releaseIdle();
			return this.master.open() == 0;
		});
		stopServer();
		assertThat(client.getInputStream().read()).isEqualTo(-1);
		assertThat(this.drain.handBackReleased()).isZero();
	}

	@Test
	void handBackReleasedWhenTheWayToTheMasterIsBrokenTriesAnother() throws IOException {
		connect();
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
		Socket client = connect();
		assertThat(exchange(client, "/1")).doesNotContainIgnoringCase("Connection:");
		this.drain.endWithNextAnswer();
		assertThat(exchange(client, "/2")).containsIgnoringCase("Connection: close\r\n").endsWith("/2");
		assertEnded(client);
	}

	/**
	 * The answer is flushed before the server regains control, as Spring's message
	 * converters do.
	 */
	@Test
	void endWithNextAnswerEndsTheConnectionOfARequestThatIsExecuting() throws Exception {
		Socket client = connect();
		send(client, "/wait");
		this.executing.await();
		this.drain.endWithNextAnswer();
		this.gate.countDown();
		assertThat(answer(client)).containsIgnoringCase("Connection: close\r\n").endsWith("/wait");
		assertEnded(client);
	}

	/**
	 * A client can distinguish an answer in chunks that breaks off from a complete one.
	 */
	@Test
	void endWithNextAnswerLeavesAnAnswerOfUnknownLengthItsChunks() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		send(client, "/chunks");
		assertThat(rest(client)).containsIgnoringCase("Connection: close\r\n")
			.containsIgnoringCase("Transfer-Encoding: chunked\r\n")
			.endsWith("\r\n7\r\n/chunks\r\n0\r\n\r\n");
	}

	@Test
	void endWithNextAnswerLeavesACompressedAnswerItsChunks() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		write(client, "GET /chunks HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
		assertThat(rest(client)).containsIgnoringCase("Connection: close\r\n")
			.containsIgnoringCase("Content-Encoding: gzip\r\n")
			.containsIgnoringCase("Transfer-Encoding: chunked\r\n")
			.endsWith("\r\n0\r\n\r\n");
	}

	@Test
	void endWithNextAnswerAnswersAHeadRequestWithoutChunks() throws IOException {
		Socket client = connect();
		this.drain.endWithNextAnswer();
		write(client, "HEAD /chunks HTTP/1.1\r\nHost: localhost\r\n\r\n");
		String answer = rest(client);
		assertThat(answer).containsIgnoringCase("Connection: close\r\n");
		assertThat(answer.indexOf("\r\n\r\n")).isEqualTo(answer.length() - 4);
	}

	@Test
	void endWithNextAnswerTellsHttp2ClientsToGoAway() throws IOException {
		Socket client = connect();
		write(client, HTTP2_PREFACE);
		DataInputStream in = new DataInputStream(client.getInputStream());
		readFrame(in);
		Awaitility.await().atMost(PATIENCE).until(() -> {
			// a connection that is busy is told the next time
			this.drain.endWithNextAnswer();
			return in.available() > 0 && readFrame(in) == GOAWAY;
		});
		assertThat(handBackIdle()).isZero();
		assertThat(this.master.open()).isOne();
	}

	private static int readFrame(DataInputStream in) throws IOException {
		int head = in.readInt();
		in.skipNBytes(5);
		in.skipNBytes(head >>> 8);
		return head & 0xff;
	}

	@Test
	void closeIdleClosesWhatIsIdle() throws IOException {
		Socket client = connect();
		assertThat(exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(() -> {
			this.drain.closeIdle(Duration.ZERO);
			return this.master.open() == 0;
		});
		assertThat(client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void closeIdleLeavesWhatHasNotBeenIdleForLong() throws IOException {
		Socket client = connect();
		assertThat(exchange(client, "/")).endsWith("/");
		Awaitility.await().atMost(PATIENCE).until(this::isIdle);
		this.drain.closeIdle(Duration.ofSeconds(20));
		assertThat(exchange(client, "/2")).endsWith("/2");
	}

	@Test
	void closeIdleLeavesARequestThatIsExecuting() throws Exception {
		Socket client = connect();
		send(client, "/wait");
		this.executing.await();
		this.drain.closeIdle(Duration.ZERO);
		client.setSoTimeout(200);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
		client.setSoTimeout(5000);
		this.gate.countDown();
		assertThat(answer(client)).endsWith("/wait");
	}

	protected final int handBackIdle() throws IOException {
		this.drain.releaseIdle();
		return this.drain.handBackReleased();
	}

	protected final void awaitHandedBack(int count) {
		Awaitility.await().pollInterval(Duration.ofMillis(1)).atMost(PATIENCE).until(() -> {
			int onTheWay = handBackIdle();
			return this.master.open() == 0 && onTheWay == 0 && this.clients.size() == count;
		});
	}

	protected final void awaitOpen(int count) {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.master.open()).isEqualTo(count));
	}

	protected final Socket connect() throws IOException {
		Socket client = new Socket("127.0.0.1", this.master.port());
		client.setSoTimeout(10_000);
		client.setTcpNoDelay(true);
		this.clients.add(client);
		long before = this.master.taken();
		this.master.handOver(client);
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> this.master.taken() > before);
		return client;
	}

	protected static String exchange(Socket client, String path) throws IOException {
		send(client, path);
		return answer(client);
	}

	protected static void send(Socket client, String path) throws IOException {
		write(client, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	}

	protected static void write(Socket client, String bytes) throws IOException {
		client.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Read an answer, and no byte after it.
	 */
	protected static String answer(Socket client) throws IOException {
		InputStream in = client.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			assertThat(next).as("end of " + head).isNotEqualTo(-1);
			head.append((char) next);
		}
		int length = Integer.parseInt(head.toString().replaceAll("(?is).*Content-Length: (\\d+).*", "$1"));
		return head + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
	}

	protected static String rest(Socket client) throws IOException {
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
	}

}
