package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers die, the cluster heals.
 */
class WorkerDeathIT {

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(3);

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application()
			.workers(2)
			.args("--cluster.worker.drain-timeout=" + DRAIN_TIMEOUT.toSeconds() + "s",
					"--cluster.restart.initial-delay=50ms", "--cluster.restart.multiplier=1")
			.start();
	}

	/**
	 * Conformance L1, L3, L8.
	 */
	@Test
	void killWhenWorkerIsIdleFailsNoRequestAndReplacesIt() {
		ClusterReport before = application.awaitReady(2);
		ClusterReport.WorkerReport victim = before.workers().get(0);
		Signals.send("KILL", victim.pid());
		assertThat(application.probe().get("/worker", 100, 4)).allMatch(HttpAnswer::isOk);
		assertHasCrashed(victim, 137, before);
	}

	/**
	 * Conformance L2.
	 */
	@Test
	void crashWhenWorkerEndsWithCodeShowsTheCodeAndReplacesIt() throws IOException {
		ClusterReport before = application.awaitReady(2);
		try (HttpConnection connection = application.probe().connect()) {
			int victim = connection.get("/worker").workerId();
			assertThat(connection.post("/crash?code=42").outcome()).isIn(HttpAnswer.Outcome.SHORT,
					HttpAnswer.Outcome.RESET);
			assertHasCrashed(before.worker(victim), 42, before);
		}
	}

	private static void assertHasCrashed(ClusterReport.WorkerReport victim, int exitCode, ClusterReport before) {
		EventReport exited = application.awaitExitOf(victim);
		assertThat(exited.exitCode()).isEqualTo(exitCode);
		assertThat(exited.reason()).isEqualTo("CRASHED");
		ClusterReport.WorkerReport replacement = application.awaitReplacementOf(victim);
		assertThat(before.workers()).allMatch((worker) -> worker.id() < replacement.id());
		ClusterReport healed = application.awaitReady(2);
		assertThat(healed.workers()).extracting(ClusterReport.WorkerReport::id)
			.contains(replacement.id())
			.doesNotContain(victim.id());
		assertThat(healed.restarts())
			.isEqualTo(new ClusterReport.Restarts(before.restarts().total() + 1, before.restarts().unexpected() + 1));
		assertThat(application.lifeOf(victim.id())).containsExactly("WORKER_STARTED", "WORKER_ONLINE",
				"WORKER_LISTENING", "WORKER_READY", "WORKER_EXITED");
	}

	/**
	 * Conformance P10.
	 */
	@Test
	void connectWhenAllWorkersAreKilledWaitsAndIsAnswered() {
		ClusterReport before = application.awaitReady(2);
		before.workers().forEach((worker) -> Signals.send("KILL", worker.pid()));
		List<CompletableFuture<HttpAnswer>> answers = IntStream.range(0, 40)
			.mapToObj((i) -> application.probe().getLater("/worker"))
			.toList();
		assertThat(answers).extracting(CompletableFuture::join).allMatch(HttpAnswer::isOk);
		ClusterReport after = application.awaitReady(2);
		assertThat(after.listeners()).extracting(ClusterReport.ListenerReport::port)
			.containsExactly(application.port());
		before.workers().forEach((worker) -> assertThat(application.awaitExitOf(worker).exitCode()).isEqualTo(137));
	}

	@Test
	void termWhenSentToWorkerLetsItFinishAndReplacesIt() throws IOException {
		ClusterReport before = application.awaitReady(2);
		try (HttpConnection connection = application.probe().connect()) {
			ClusterReport.WorkerReport leaver = before.worker(connection.get("/worker").workerId());
			connection.send("GET", "/slow?millis=1500", Map.of(), new byte[0]);
			application.awaitRequestIn(leaver.id());
			Signals.send("TERM", leaver.pid());
			assertThat(connection.receive()).matches(HttpAnswer::isOk);
			EventReport exited = application.awaitExitOf(leaver);
			assertThat(exited.reason()).isEqualTo("REQUESTED");
			assertThat(exited.exitCode()).isEqualTo(143);
			application.awaitReplacementOf(leaver);
			assertThat(application.lifeOf(leaver.id())).containsSubsequence("WORKER_READY", "WORKER_DRAINING",
					"WORKER_EXITED");
			assertThat(application.awaitReady(2).restarts())
				.isEqualTo(new ClusterReport.Restarts(before.restarts().total() + 1, before.restarts().unexpected()));
		}
	}

	/**
	 * Conformance L4: the worker's shutdown hook waits for a request that never ends.
	 */
	@Test
	void termWhenWorkerCannotFinishKillsItInTimeAndReplacesIt() throws IOException {
		ClusterReport before = application.awaitReady(2);
		try (HttpConnection connection = application.probe().connect()) {
			ClusterReport.WorkerReport hung = before.worker(connection.post("/hang").workerId());
			connection.send("GET", "/worker", Map.of(), new byte[0]);
			application.awaitRequestIn(hung.id());
			Signals.send("TERM", hung.pid());
			application.awaitReplacementOf(hung);
			EventReport draining = application.awaitEvent("the drain",
					(event) -> event.is("WORKER_DRAINING", hung.id()));
			EventReport exited = application.awaitExitOf(hung);
			assertThat(exited.reason()).isEqualTo("DRAIN_TIMEOUT");
			assertThat(exited.exitCode()).isEqualTo(137);
			assertThat(Duration.between(draining.timestamp(), exited.timestamp())).isBetween(DRAIN_TIMEOUT,
					DRAIN_TIMEOUT.plusSeconds(2));
		}
	}

}
