package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker that is told to end finishes what it holds and gives away what is idle.
 */
class DrainIT {

	private static final int WORKERS = 2;

	private static final int IDLE = 200;

	private static final Duration TIME_TO_DRAIN = Duration.ofSeconds(2);

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application().workers(WORKERS).args("--cluster.restart.initial-delay=50ms").start();
	}

	@Test
	void drainWhenConnectionsAreIdleLetsThemGoOnAtAnotherWorker() throws IOException {
		ClusterReport before = application.awaitReady(WORKERS);
		List<HttpConnection> connections = new ArrayList<>();
		try {
			ClusterReport.WorkerReport leaver = before.workers().get(0);
			while (connections.size() < IDLE) {
				HttpConnection connection = application.probe().connect();
				connections.add(connection);
				if (connection.get("/worker").workerId() != leaver.id()) {
					connections.remove(connection);
					connection.close();
				}
			}
			Signals.send("TERM", leaver.pid());
			EventReport exited = application.awaitExitOf(leaver);
			List<HttpAnswer> answers = connections.stream().map((connection) -> connection.get("/worker")).toList();
			assertThat(answers).filteredOn((answer) -> answer.isOk() && answer.workerId() != leaver.id())
				.as("of " + answers)
				.hasSizeGreaterThanOrEqualTo(IDLE * 99 / 100);
			assertThat(exited.reason()).isEqualTo("REQUESTED");
			assertThat(Duration.between(drainOf(leaver).timestamp(), exited.timestamp())).isLessThan(TIME_TO_DRAIN);
		}
		finally {
			for (HttpConnection connection : connections) {
				connection.close();
			}
		}
	}

	private static EventReport drainOf(ClusterReport.WorkerReport worker) {
		return application.awaitEvent("the drain", (event) -> event.is("WORKER_DRAINING", worker.id()));
	}

	/**
	 * Conformance L7, D5.
	 */
	@Test
	void drainWhenRequestIsBeingServedAnswersItAndSendsNewOnesElsewhere() throws IOException {
		ClusterReport before = application.awaitReady(WORKERS);
		try (HttpConnection connection = application.probe().connect()) {
			ClusterReport.WorkerReport leaver = before.worker(connection.get("/worker").workerId());
			connection.send("GET", "/slow?millis=2000", Map.of(), new byte[0]);
			application.awaitRequestIn(leaver.id());
			Signals.send("TERM", leaver.pid());
			drainOf(leaver);
			assertThat(application.probe().get("/worker", 50, 4)).allMatch(HttpAnswer::isOk)
				.noneMatch((answer) -> answer.workerId() == leaver.id());
			assertThat(application.report().worker(leaver.id()).state()).isEqualTo("DRAINING");
			assertIsLastAnswerOf(leaver, connection.receive());
			assertThat(connection.isAtEnd()).isTrue();
			assertHasLeft(leaver, before);
		}
	}

	private static void assertHasLeft(ClusterReport.WorkerReport leaver, ClusterReport before) {
		EventReport exited = application.awaitExitOf(leaver);
		assertThat(exited.reason()).isEqualTo("REQUESTED");
		assertThat(exited.exitCode()).isEqualTo(143);
		application.awaitReplacementOf(leaver);
		assertThat(application.lifeOf(leaver.id())).containsSubsequence("WORKER_READY", "WORKER_DRAINING",
				"WORKER_EXITED");
		assertThat(application.awaitReady(WORKERS).restarts())
			.isEqualTo(new ClusterReport.Restarts(before.restarts().total() + 1, before.restarts().unexpected()));
	}

	/**
	 * Conformance L7, where the request has not come whole.
	 */
	@Test
	void drainWhenBodyIsBeingUploadedWaitsForItAndAnswers() throws IOException {
		ClusterReport before = application.awaitReady(WORKERS);
		byte[] body = "0123456789".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
		byte[] request = HttpConnection.request("POST", "/echo", Map.of(), body);
		int half = request.length / 2;
		try (HttpConnection connection = application.probe().connect()) {
			ClusterReport.WorkerReport leaver = before.worker(connection.get("/worker").workerId());
			connection.send(Arrays.copyOf(request, half));
			application.awaitRequestIn(leaver.id());
			Signals.send("TERM", leaver.pid());
			drainOf(leaver);
			connection.send(Arrays.copyOfRange(request, half, request.length));
			HttpAnswer answer = connection.receive();
			assertIsLastAnswerOf(leaver, answer);
			assertThat(answer.body()).isEqualTo(body);
		}
	}

	/**
	 * Conformance L7, where the request begins after the drain has: of a connection that
	 * has sent half of its head it cannot be told whether it is idle.
	 */
	@Test
	void drainWhenHeadIsBeingSentWaitsForItAndAnswers() throws IOException {
		ClusterReport before = application.awaitReady(WORKERS);
		byte[] request = HttpConnection.request("GET", "/worker", Map.of(), new byte[0]);
		try (HttpConnection connection = application.probe().connect()) {
			ClusterReport.WorkerReport leaver = before.worker(connection.get("/worker").workerId());
			connection.send(Arrays.copyOf(request, request.length / 2));
			Signals.send("TERM", leaver.pid());
			drainOf(leaver);
			connection.send(Arrays.copyOfRange(request, request.length / 2, request.length));
			assertThat(connection.receive()).matches(HttpAnswer::isOk);
		}
	}

	private static void assertIsLastAnswerOf(ClusterReport.WorkerReport worker, HttpAnswer answer) {
		assertThat(answer).matches(HttpAnswer::isOk);
		assertThat(answer.workerId()).isEqualTo(worker.id());
		assertThat(answer.headers()).containsEntry("Connection", "close");
	}

}
