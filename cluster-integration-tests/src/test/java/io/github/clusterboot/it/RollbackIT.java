package io.github.clusterboot.it;

import java.util.List;
import java.util.function.LongConsumer;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import io.github.clusterboot.it.load.Traffic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A new version that does not become ready is not rolled out; the old one serves on, and
 * no request is lost.
 */
@Tag("alone")
@Tag("one-jdk")
class RollbackIT {

	private static final int WORKERS = 2;

	private static final LongConsumer NOTHING = (sequence) -> {
	};

	private static final SampleJar jar = new SampleJar(ItSettings.directory().resolve("RollbackIT/app.jar"));

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		jar.replaceByGood();
		application = cluster.application()
			.jar(jar.path())
			.workers(WORKERS)
			.args("--cluster.worker.start-timeout=20s")
			.start();
	}

	@Test
	void restartWhenNewJarThrowsAtStartIsRolledBack() {
		application.awaitReady(WORKERS);
		jar.replaceByOneWith("fail-start", true);
		ClusterReport before = application.report();
		assertIsRolledBack("START_FAILED", "sample.fail-start=true", NOTHING);
		jar.replaceByGood();
		assertGoodJarIsRolledOut(before);
	}

	/**
	 * Two starts have to fail. Each of these takes the whole time-out to do so.
	 */
	@Test
	void restartWhenNewJarRefusesReadinessAndTheNextHangsAtStartIsRolledBack() {
		application.awaitReady(WORKERS);
		jar.replaceByOneWith("refuse-readiness", true);
		List<EventReport> exits = assertIsRolledBack("START_TIMEOUT", "This application hangs", (sequence) -> {
			application.awaitEvent("a worker that refuses traffic",
					(event) -> event.sequence() > sequence && event.type().equals("WORKER_OUT_OF_SERVICE"));
			jar.replaceByOneThatHangs();
		});
		assertThat(exits).hasSize(2);
		assertThat(application.lifeOf(exits.get(0).worker().id())).containsSubsequence("WORKER_LISTENING",
				"WORKER_OUT_OF_SERVICE", "WORKER_EXITED");
		assertThat(application.lifeOf(exits.get(1).worker().id())).containsExactly("WORKER_STARTED", "WORKER_EXITED");
	}

	@Test
	void restartWhenNewFileIsNoJarIsRolledBack() {
		application.awaitReady(WORKERS);
		jar.replaceByText();
		assertIsRolledBack("START_FAILED", "Invalid or corrupt jarfile", NOTHING);
	}

	/**
	 * Ask for a restart that fails.
	 * @param reason the reason of the new workers' exits
	 * @param cause what the report of the last of them contains
	 * @param meanwhile what to do while the first of them starts, given the sequence
	 * number of the last event before
	 * @return the exits, oldest first
	 */
	private static List<EventReport> assertIsRolledBack(String reason, String cause, LongConsumer meanwhile) {
		ClusterReport before = application.report();
		long sequence = application.lastSequence();
		try (RunningLoad load = lightLoad()) {
			assertThat(application.change("{\"action\":\"restart\"}").status()).isEqualTo(200);
			meanwhile.accept(sequence);
			EventReport rolledBack = application.awaitEvent("the rollback",
					(event) -> event.sequence() > sequence && event.type().equals("RESTART_ROLLED_BACK"));
			assertThat(rolledBack.message()).contains(cause);
			assertOldWorkersServe(before, cause);
			EventHistory history = EventHistory.of(application.events()).since(sequence);
			assertThat(history.fewestReady()).isEqualTo(WORKERS);
			List<EventReport> exits = history.exits(reason);
			assertThat(exits).hasSizeGreaterThanOrEqualTo(2)
				.allMatch((event) -> before.workers()
					.stream()
					.allMatch((worker) -> !event.is("WORKER_EXITED", worker.id())));
			load.awaitFurther(100);
			assertNothingFailed(load.stop());
			return exits;
		}
	}

	private static void assertOldWorkersServe(ClusterReport before, String cause) {
		ClusterReport after = application.awaitReady(WORKERS);
		assertThat(after.state()).isEqualTo("RUNNING");
		assertThat(after.workers()).extracting(ClusterReport.WorkerReport::pid)
			.containsExactlyElementsOf(pids(before))
			.containsExactlyInAnyOrderElementsOf(application.workerPids());
		application.await("no other process").until(() -> application.processes().size() == 1 + WORKERS);
		assertThat(after.lastRestart()).isNotNull();
		assertThat(after.lastRestart().state()).isEqualTo("ROLLED_BACK");
		assertThat(after.lastRestart().cause()).isNotBlank().contains(cause);
	}

	private static void assertGoodJarIsRolledOut(ClusterReport before) {
		try (RunningLoad load = lightLoad()) {
			assertThat(application.change("{\"action\":\"restart\"}").status()).isEqualTo(200);
			application.awaitReport("all workers replaced",
					(report) -> report.lastRestart() != null && report.lastRestart().state().equals("COMPLETED")
							&& report.size().ready() == WORKERS && report.workers().size() == WORKERS
							&& pids(report).stream().noneMatch(pids(before)::contains));
			assertNothingFailed(load.stop());
		}
	}

	private static RunningLoad lightLoad() {
		return application.load()
			.clients(Traffic.NEW_CONNECTION, 4)
			.clients(Traffic.KEPT_ALIVE, 4)
			.clients(Traffic.SLOW_REQUEST, 1)
			.start();
	}

	private static void assertNothingFailed(LoadResult result) {
		assertThat(result.failed()).as(result.toString()).isEmpty();
		assertThat(result.total()).isPositive();
	}

	private static List<Long> pids(ClusterReport report) {
		return report.workers().stream().map(ClusterReport.WorkerReport::pid).toList();
	}

}
