package io.github.clusterboot.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.github.clusterboot.it.app.ProcessReport;
import io.github.clusterboot.it.app.TestApplication;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connectors that the application adds to Tomcat are listeners of the master: the second
 * and the fourth, which has TLS. The third is exclusive.
 */
class FurtherConnectorsIT {

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	private static int exclusive;

	@BeforeAll
	static void start() {
		exclusive = (FreePorts.first(12) + 9) / 10 * 10;
		application = cluster.application()
			.mainClass(TestApplication.class)
			.workers(2)
			.args("--it.connector-ports=0," + exclusive / 10 + "${cluster.worker.index}",
					"--cluster.exclusive-listeners=server-3", "--it.key-store=" + TestKeyStore.get().file(),
					"--it.key-store-password=" + TestKeyStore.get().password())
			.start();
		application.awaitReady(2);
	}

	@Test
	void connectorIsAListenerThatEveryWorkerKnowsThePortOf() {
		ClusterReport report = application.awaitReady(2);
		assertThat(report.listeners()).extracting(ClusterReport.ListenerReport::name)
			.containsExactly("server", "server-2", "server-4");
		assertThat(report.listeners()).extracting(ClusterReport.ListenerReport::port).doesNotHaveDuplicates();
		List<String> started = Pattern.compile("Tomcat started on ports (.*) with context path")
			.matcher(application.output())
			.results()
			.map((result) -> result.group(1))
			.toList();
		assertThat(started).contains(ports(report, 0), ports(report, 1));
	}

	private static String ports(ClusterReport report, int index) {
		return "%d (http), %d (http), %d (http), %d (https)".formatted(port(report, "server"), port(report, "server-2"),
				exclusive + index, port(report, "server-4"));
	}

	/**
	 * Conformance P2.
	 */
	@Test
	void connectorIsServedByAllWorkers() {
		ClusterReport report = application.awaitReady(2);
		List<HttpAnswer> answers = probe(port(report, "server-2")).get("/process", 20, 2);
		assertThat(answers).allMatch(HttpAnswer::isOk)
			.extracting((answer) -> answer.json(ProcessReport.class).id())
			.hasSameElementsAs(report.workers().stream().map(ClusterReport.WorkerReport::id).toList());
		assertThat(listener(application.report(), "server-2").accepted())
			.isEqualTo(listener(report, "server-2").accepted() + answers.size());
	}

	@Test
	void connectorWithTlsSpeaksHttp2() throws Exception {
		ClusterReport report = application.awaitReady(2);
		HttpClient client = HttpClient.newBuilder().sslContext(TestKeyStore.get().clientContext()).build();
		HttpResponse<String> answer = client
			.send(HttpRequest.newBuilder(URI.create("https://localhost:" + port(report, "server-4") + "/process"))
				.build(), BodyHandlers.ofString());
		assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
		assertThat(answer.statusCode()).isEqualTo(200);
	}

	/**
	 * Conformance P8.
	 */
	@Test
	void connectorWhenExclusiveIsBoundByEachWorker() {
		ClusterReport report = application.awaitReady(2);
		for (ClusterReport.WorkerReport worker : report.workers()) {
			ProcessReport process = probe(exclusive + worker.index()).get("/process").json(ProcessReport.class);
			assertThat(process.id()).isEqualTo(worker.id());
		}
	}

	@Test
	void restartOfAWorkerLeavesItsConnectionsToAnother() throws IOException {
		ClusterReport report = application.awaitReady(2);
		try (HttpConnection connection = probe(port(report, "server-2")).connect()) {
			int worker = connection.get("/process").json(ProcessReport.class).id();
			Signals.send("TERM", report.worker(worker).pid());
			application.awaitEvent("the worker's end", (event) -> event.is("WORKER_EXITED", worker));
			assertThat(connection.get("/process").json(ProcessReport.class).id()).isNotEqualTo(worker);
		}
	}

	private static int port(ClusterReport report, String listener) {
		return listener(report, listener).port();
	}

	private static ClusterReport.ListenerReport listener(ClusterReport report, String name) {
		return report.listeners()
			.stream()
			.filter((listener) -> listener.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No listener " + name + " in " + report));
	}

	private static HttpProbe probe(int port) {
		return new HttpProbe(port, Duration.ofSeconds(10));
	}

}
