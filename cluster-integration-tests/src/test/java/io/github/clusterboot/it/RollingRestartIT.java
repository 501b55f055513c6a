package io.github.clusterboot.it;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every worker is replaced while clients send requests, and no request is lost.
 */
@Tag("alone")
class RollingRestartIT {

	private static final int WORKERS = 4;

	private static final int CYCLES = ItSettings.isLong() ? 5 : 1;

	private static final int REQUESTS = ItSettings.isLong() ? 100_000 : 10_000;

	private static final String RESTART = "{\"action\":\"restart\"}";

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application().recordingSample().workers(WORKERS).start();
	}

	@Test
	void restartWhenUnderLoadLosesNoRequestAndNeverHasFewerReadyWorkers() {
		ClusterReport before = application.awaitReady(WORKERS);
		try (RunningLoad load = application.load().mixedClients().pause(ItSettings.pause(200)).start()) {
			load.awaitTotal(REQUESTS / 10);
			for (int cycle = 1; cycle <= CYCLES; cycle++) {
				restart(cycle);
				application.awaitGeneration(before.generation() + cycle, WORKERS);
			}
			load.awaitTotal(REQUESTS);
			LoadResult result = load.stop();
			System.out.println(CYCLES + " rolling restarts of " + WORKERS + " workers:\n\n" + result);
			result.assertNothingLost();
			assertThat(result.total()).isGreaterThanOrEqualTo(REQUESTS);
		}
		EventHistory history = EventHistory.of(application.events()).sinceReady(WORKERS);
		assertThat(history.fewestReady()).isEqualTo(WORKERS);
		assertThat(history.mostAlive()).isEqualTo(WORKERS + 1);
		assertThat(before.workers())
			.allSatisfy((worker) -> assertThat(application.awaitExitOf(worker).reason()).isEqualTo("RESTART"));
	}

	private static void restart(int cycle) {
		if (cycle % 2 == 0) {
			application.signal("HUP");
		}
		else {
			assertThat(application.change(RESTART).status()).isEqualTo(200);
		}
	}

	@Test
	@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
	void restartWhenOneIsUnderWayStartsOverAndConverges() {
		ClusterReport before = application.awaitReady(WORKERS);
		long sequence = application.lastSequence();
		assertThat(application.change(RESTART).status()).isEqualTo(200);
		application.awaitEvent("a worker of the next generation", (event) -> event.sequence() > sequence
				&& event.worker() != null && event.worker().generation() == before.generation() + 1);
		application.signal("HUP");
		application.awaitGeneration(before.generation() + 2, WORKERS);
		assertThat(EventHistory.of(application.events()).since(sequence).fewestReady()).isEqualTo(WORKERS);
	}

	@Test
	@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
	void restartOfOneWorkerStartsItsReplacementFirst() {
		ClusterReport before = application.awaitReady(WORKERS);
		ClusterReport.WorkerReport leaver = before.workers().get(1);
		long sequence = application.lastSequence();
		assertThat(application.change(leaver.id(), RESTART).status()).isEqualTo(200);
		assertThat(application.awaitExitOf(leaver).reason()).isEqualTo("RESTART");
		ClusterReport after = application.awaitReady(WORKERS);
		assertThat(after.generation()).isEqualTo(before.generation());
		assertThat(after.workers()).extracting(ClusterReport.WorkerReport::id)
			.doesNotContain(leaver.id())
			.containsAll(before.workers()
				.stream()
				.map(ClusterReport.WorkerReport::id)
				.filter((id) -> id != leaver.id())
				.toList());
		EventHistory history = EventHistory.of(application.events()).since(sequence);
		assertThat(history.fewestReady()).isEqualTo(WORKERS);
		assertThat(history.mostAlive()).isEqualTo(WORKERS + 1);
	}

	@Test
	void restartOfUnknownWorkerIsNotFound() {
		application.awaitReady(WORKERS);
		assertThat(application.change(999, RESTART).status()).isEqualTo(404);
	}

}
