package io.github.clusterboot.it;

import java.io.IOException;
import java.util.List;
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

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application()
			.workers(2)
			.args("--cluster.restart.initial-delay=50ms", "--cluster.restart.multiplier=1")
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

}
