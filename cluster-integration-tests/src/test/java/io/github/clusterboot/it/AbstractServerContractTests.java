package io.github.clusterboot.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What an application can rely on, whatever server it has: a cluster of two workers with
 * HTTP/2 without TLS, and one of a single worker with TLS and virtual threads.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
abstract class AbstractServerContractTests {

	private static final int WORKERS = 2;

	private static final int LARGE = 8 * 1024 * 1024;

	private static final int IDLE_CONNECTIONS = 50;

	private final TestServer server;

	@RegisterExtension
	final ClusterExtension cluster = new ClusterExtension();

	private ClusterApplication plain;

	private ClusterApplication secure;

	AbstractServerContractTests(TestServer server) {
		this.server = server;
	}

	@BeforeAll
	void start() {
		this.plain = application().workers(WORKERS).args("--server.http2.enabled=true").start();
		this.secure = application().workers(1)
			.args(TestKeyStore.get().arguments())
			.args("--server.http2.enabled=true", "--spring.threads.virtual.enabled=true")
			.start();
		this.plain.awaitOutput("The cluster is running");
		this.secure.awaitOutput("The cluster is running");
	}

	private ClusterApplicationBuilder application() {
		return this.cluster.application()
			.extracted(this.server.jar())
			.defaultHeap()
			.jvmOptions("-Xmx256m")
			.args("--cluster.worker.drain-timeout=8s");
	}

	@Test
	void requestTellsTheAddressesAsWithoutACluster() throws IOException {
		try (HttpConnection connection = this.plain.probe().connect()) {
			assertThat(connection.get("/connection").text())
				.isEqualTo("127.0.0.1 %d 127.0.0.1 %d http".formatted(connection.localPort(), this.plain.port()));
		}
	}

	/**
	 * Conformance P1.
	 */
	@Test
	void portIsTheMastersInEveryWorker() {
		this.plain.awaitReady(WORKERS);
		List<HttpAnswer> answers = this.plain.probe().get("/port", 20, 2);
		assertThat(answers.stream().map(HttpAnswer::workerId).distinct()).hasSize(WORKERS);
		assertThat(answers).extracting(HttpAnswer::text).containsOnly(String.valueOf(this.plain.port()));
	}

	@Test
	void requestWithTlsIsServedByABundle() throws Exception {
		HttpResponse<String> answer = secureClient(Version.HTTP_1_1).send(request(this.secure, "https", "/connection"),
				BodyHandlers.ofString());
		assertThat(answer.version()).isEqualTo(Version.HTTP_1_1);
		assertThat(answer.body()).startsWith("127.0.0.1 ").endsWith(" " + this.secure.port() + " https");
	}

	@Test
	void requestWithHttp2OverTlsIsServed() throws Exception {
		HttpResponse<String> answer = secureClient(Version.HTTP_2).send(request(this.secure, "https", "/worker"),
				BodyHandlers.ofString());
		assertThat(answer.version()).isEqualTo(Version.HTTP_2);
		assertThat(answer.body()).isEqualTo("1");
	}

	@Test
	void requestWithHttp2WithoutTlsIsServed() throws Exception {
		HttpResponse<String> answer = client(Version.HTTP_2).send(request(this.plain, "http", "/worker"),
				BodyHandlers.ofString());
		assertThat(answer.version()).isEqualTo(Version.HTTP_2);
		assertThat(answer.body()).isIn("1", "2");
	}

	@Test
	void webSocketSendsAndReceives() {
		try (TestWebSocket socket = TestWebSocket.open(this.plain.port())) {
			socket.send("hello");
			assertThat(socket.awaitText()).isEqualTo("hello");
		}
	}

	@Test
	void serverSentEventsComeOneByOne() throws Exception {
		HttpResponse<Stream<String>> answer = client(Version.HTTP_1_1)
			.send(request(this.plain, "http", "/events?count=3&millis=300"), BodyHandlers.ofLines());
		List<Long> times = new ArrayList<>();
		List<String> events = answer.body().filter((line) -> line.startsWith("data:")).map((line) -> {
			times.add(System.nanoTime());
			return line.substring("data:".length());
		}).toList();
		assertThat(events).containsExactly("event 0", "event 1", "event 2");
		assertThat(Duration.ofNanos(times.get(2) - times.get(0))).isGreaterThan(Duration.ofMillis(400));
	}

	@Test
	void uploadAndDownloadWhenLargeAreWhole() throws IOException {
		byte[] body = new byte[LARGE];
		new Random(1).nextBytes(body);
		HttpAnswer upload = this.plain.probe().post("/checksum", "application/octet-stream", body);
		assertThat(upload.text()).isEqualTo(checksum(body));
		HttpAnswer download = this.plain.probe().get("/download?bytes=" + LARGE);
		assertThat(checksum(download.body())).isEqualTo(checksum(new byte[LARGE]));
	}

	@Test
	void uploadInChunksIsWhole() throws Exception {
		byte[] body = new byte[100_000];
		new Random(2).nextBytes(body);
		HttpRequest request = HttpRequest.newBuilder(uri(this.plain, "http", "/checksum"))
			.header("Content-Type", "application/octet-stream")
			.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
			.build();
		assertThat(client(Version.HTTP_1_1).send(request, BodyHandlers.ofString()).body()).isEqualTo(checksum(body));
	}

	private static String checksum(byte[] body) {
		CRC32 checksum = new CRC32();
		checksum.update(body);
		return body.length + " " + checksum.getValue();
	}

	@Test
	void expectContinueIsAnswered() throws IOException {
		try (HttpConnection connection = this.plain.probe().connect()) {
			connection.send(("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
					+ "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(connection.receiveInterim()).isEqualTo(100);
			connection.send("body".getBytes(StandardCharsets.US_ASCII));
			assertThat(connection.receive().text()).isEqualTo("body");
		}
	}

	@Test
	void requestsInAPipelineAreAnsweredInOrder() throws IOException {
		ByteArrayOutputStream requests = new ByteArrayOutputStream();
		for (int i = 0; i < 5; i++) {
			requests.writeBytes(HttpConnection.request("POST", "/echo",
					Map.of("Content-Type", "application/octet-stream"), ("request " + i).getBytes()));
		}
		try (HttpConnection connection = this.plain.probe().connect()) {
			connection.send(requests.toByteArray());
			for (int i = 0; i < 5; i++) {
				assertThat(connection.receive().text()).isEqualTo("request " + i);
			}
		}
	}

	@Test
	void connectionWhenKeptAliveStaysWithItsWorker() throws IOException {
		try (HttpConnection connection = this.plain.probe().connect()) {
			int worker = connection.get("/worker").workerId();
			// Tomcat allows 100 on one connection
			for (int i = 0; i < 99; i++) {
				assertThat(connection.get("/worker").workerId()).isEqualTo(worker);
			}
		}
	}

	@Test
	void requestWhenThreadsAreVirtualHasOne() throws Exception {
		assumeThat(ItSettings.javaFeature()).as("a JDK with virtual threads").isGreaterThanOrEqualTo(21);
		// on a reactive server those of methods that may block
		assertThat(
				secureClient(Version.HTTP_1_1).send(request(this.secure, "https", "/thread"), BodyHandlers.ofString())
					.body())
			.startsWith("VirtualThread");
	}

	/**
	 * Conformance P6.
	 */
	@Test
	void serverWhenItStopsAndStartsAgainRefusesNobody() {
		this.plain.awaitReady(WORKERS);
		int restartsBefore = restarts();
		int worker = this.plain.probe().post("/restart-server").workerId();
		List<HttpAnswer> answers = new ArrayList<>();
		Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5)).until(() -> {
			answers.add(this.plain.probe().get("/worker"));
			return restarts() > restartsBefore;
		});
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
			HttpAnswer answer = this.plain.probe().get("/worker");
			answers.add(answer);
			return answer.isOk() && answer.workerId() == worker;
		});
		assertThat(answers).noneMatch((answer) -> answer.outcome() == HttpAnswer.Outcome.REFUSED);
	}

	private int restarts() {
		return this.plain.output().split("The server has been restarted", -1).length;
	}

	@Test
	void drainEndsAConnectionWithTheAnswerThatIsUnderWay() throws Exception {
		ClusterReport.WorkerReport leaver = this.plain.awaitReady(WORKERS).workers().get(0);
		try (HttpConnection connection = connectionTo(leaver.id())) {
			connection.send("GET", "/slow?millis=1500", Map.of(), new byte[0]);
			Signals.send("TERM", leaver.pid());
			HttpAnswer answer = connection.receive();
			assertThat(answer.workerId()).isEqualTo(leaver.id());
			assertThat(answer.headers().get("Connection")).isEqualToIgnoringCase("close");
		}
		this.plain.awaitReplacementOf(leaver);
	}

	@Test
	void drainHandsIdleConnectionsToOthers() throws IOException {
		ClusterReport.WorkerReport leaver = this.plain.awaitReady(WORKERS).workers().get(0);
		List<HttpConnection> connections = new ArrayList<>();
		try {
			for (int i = 0; i < IDLE_CONNECTIONS; i++) {
				HttpConnection connection = this.plain.probe().connect();
				connections.add(connection);
				assertThat(connection.get("/worker")).matches(HttpAnswer::isOk);
			}
			Signals.send("TERM", leaver.pid());
			this.plain.awaitExitOf(leaver);
			for (HttpConnection connection : connections) {
				HttpAnswer answer = connection.get("/worker");
				assertThat(answer).matches(HttpAnswer::isOk);
				assertThat(answer.workerId()).isNotEqualTo(leaver.id());
			}
		}
		finally {
			for (HttpConnection connection : connections) {
				connection.close();
			}
		}
		this.plain.awaitReady(WORKERS);
	}

	@Test
	void drainLetsAStreamOfHttp2End() throws IOException {
		this.plain.awaitReady(WORKERS);
		try (Http2Connection connection = new Http2Connection(this.plain.port(), Duration.ofSeconds(10))) {
			connection.get("/worker");
			int id = Integer.parseInt(connection.answer());
			ClusterReport.WorkerReport leaver = this.plain.workers()
				.stream()
				.filter((worker) -> worker.id() == id)
				.findFirst()
				.orElseThrow();
			connection.get("/slow?millis=4000");
			this.plain.awaitRequestIn(id);
			Signals.send("TERM", leaver.pid());
			assertThat(connection.answer()).isEqualTo(String.valueOf(id));
			assertThat(connection.isToldToGoAway()).isTrue();
			connection.close();
			assertThat(this.plain.awaitExitOf(leaver).reason()).isEqualTo("REQUESTED");
		}
		this.plain.awaitReady(WORKERS);
	}

	@Test
	void drainClosesAWebSocketInOrder() {
		this.plain.awaitReady(WORKERS);
		try (TestWebSocket socket = TestWebSocket.open(this.plain.port())) {
			socket.send("hello");
			assertThat(socket.awaitText()).isEqualTo("hello");
			ClusterReport before = this.plain.report();
			before.workers().forEach((worker) -> Signals.send("TERM", worker.pid()));
			assertThat(socket.awaitClose()).isEqualTo(1001);
			before.workers().forEach(this.plain::awaitExitOf);
		}
		this.plain.awaitReady(WORKERS);
	}

	/**
	 * Conformance D3 and D5.
	 */
	@Test
	void connectionLimitLetsFurtherConnectionsWaitAndTermLetsThemBeServed() throws IOException {
		assumeThat(this.server.connectionLimit()).as("a limit that lets connections wait").isNotNull();
		int limit = 3;
		ClusterApplication limited = application().workers(1)
			.args("--" + this.server.connectionLimit() + "=" + limit)
			.start();
		limited.awaitOutput("The cluster is running");
		List<HttpConnection> held = new ArrayList<>();
		try {
			for (int i = 0; i < limit; i++) {
				HttpConnection connection = limited.probe().connect();
				held.add(connection);
				assertThat(connection.get("/worker")).matches(HttpAnswer::isOk);
			}
			CompletableFuture<HttpAnswer> waiting = limited.probe().getLater("/worker");
			Duration cpuBefore = cpuTime(limited);
			Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> !waiting.isDone());
			assertThat(cpuTime(limited).minus(cpuBefore)).isLessThan(Duration.ofMillis(800));
			held.remove(0).close();
			assertThat(waiting.join()).matches(HttpAnswer::isOk);
			HttpConnection last = held.remove(0);
			last.send("GET", "/slow?millis=1000", Map.of(), new byte[0]);
			limited.signal("TERM");
			assertThat(last.receive()).matches(HttpAnswer::isOk);
			last.close();
		}
		finally {
			for (HttpConnection connection : held) {
				connection.close();
			}
		}
		assertThat(limited.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	private static Duration cpuTime(ClusterApplication application) {
		return application.processes()
			.stream()
			.map((process) -> process.info().totalCpuDuration().orElse(Duration.ZERO))
			.reduce(Duration.ZERO, Duration::plus);
	}

	private HttpConnection connectionTo(int worker) throws IOException {
		while (true) {
			HttpConnection connection = this.plain.probe().connect();
			if (connection.get("/worker").workerId() == worker) {
				return connection;
			}
			connection.close();
		}
	}

	private static HttpClient client(Version version) {
		return HttpClient.newBuilder().version(version).connectTimeout(Duration.ofSeconds(10)).build();
	}

	private static HttpClient secureClient(Version version) {
		return HttpClient.newBuilder()
			.version(version)
			.connectTimeout(Duration.ofSeconds(10))
			.sslContext(TestKeyStore.get().clientContext())
			.build();
	}

	private static HttpRequest request(ClusterApplication application, String scheme, String target) {
		return HttpRequest.newBuilder(uri(application, scheme, target)).timeout(Duration.ofSeconds(20)).build();
	}

	private static URI uri(ClusterApplication application, String scheme, String target) {
		return URI.create(scheme + "://localhost:" + application.port() + target);
	}

}
