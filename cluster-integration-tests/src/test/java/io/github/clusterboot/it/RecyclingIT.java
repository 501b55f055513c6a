package io.github.clusterboot.it;

import java.time.Duration;
import java.util.List;

import io.github.clusterboot.it.app.TestApplication;
import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers are replaced when they have served, lived or grown enough.
 */
@Tag("one-jdk")
class RecyclingIT {

	private static final int WORKERS = 2;

	private static final int RECYCLES = ItSettings.isLong() ? 20 : 5;

	private static final int REQUESTS = ItSettings.isLong() ? 100_000 : 10_000;

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void recycleWhenMaxRequestsAreServedUnderLoadLosesNoRequest() {
		ClusterApplication application = this.cluster.application()
			.recordingSample()
			.workers(WORKERS)
			.args("--cluster.worker.max-requests=1000")
			.start();
		application.awaitReady(WORKERS);
		try (RunningLoad load = application.load().mixedClients().pause(ItSettings.pause(200)).start()) {
			application.awaitEvents(RECYCLES, "exits of workers that have served enough",
					(event) -> "MAX_REQUESTS".equals(event.reason()));
			load.awaitTotal(REQUESTS);
			LoadResult result = load.stop();
			System.out.println("Recycling after 1,000 requests:\n\n" + result);
			result.assertNothingLost();
			assertThat(result.total()).isGreaterThanOrEqualTo(REQUESTS);
		}
		assertOneAfterTheOther(application);
	}

	@Test
	@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
	void recycleWhenMaxLifetimeIsOverReplacesEachWorker() {
		Duration lifetime = Duration.ofSeconds(10);
		ClusterApplication application = this.cluster.application()
			.workers(WORKERS)
			.args("--cluster.worker.max-lifetime=" + lifetime.toSeconds() + "s")
			.start();
		ClusterReport before = application.awaitReady(WORKERS);
		assertThat(before.workers()).allSatisfy((worker) -> {
			EventReport exited = application.awaitExitOf(worker);
			assertThat(exited.reason()).isEqualTo("MAX_LIFETIME");
			assertThat(Duration.between(worker.startTime(), exited.timestamp()))
				.isGreaterThanOrEqualTo(lifetime.multipliedBy(9).dividedBy(10));
		});
		assertOneAfterTheOther(application);
	}

	@Test
	void recycleWhenMaxMemoryIsExceededReplacesThatWorker() {
		ClusterApplication application = this.cluster.application()
			.mainClass(TestApplication.class)
			.jvmOptions("-XX:MaxDirectMemorySize=400m")
			.workers(WORKERS)
			.args("--cluster.worker.max-memory=400MB", "--management.endpoints.web.exposure.include=*")
			.start();
		ClusterReport before = application.awaitReady(WORKERS);
		assertThat(before.workers())
			.allMatch((worker) -> worker.memory().resident() < DataSize.ofMegabytes(300).toBytes());
		int grown = Integer.parseInt(application.probe().post("/grow?megabytes=300").text());
		EventReport exited = application.awaitExitOf(before.worker(grown));
		assertThat(exited.reason()).isEqualTo("MAX_MEMORY");
		ClusterReport after = application.awaitReady(WORKERS);
		assertThat(after.workers()).extracting(ClusterReport.WorkerReport::id)
			.contains(before.workers()
				.stream()
				.mapToInt(ClusterReport.WorkerReport::id)
				.filter((id) -> id != grown)
				.findFirst()
				.orElseThrow());
		assertOneAfterTheOther(application);
	}

	/**
	 * Each replacement was ready before its worker left, and never were two on their way.
	 */
	private static void assertOneAfterTheOther(ClusterApplication application) {
		List<EventReport> events = application.events();
		EventHistory history = EventHistory.of(events).sinceReady(WORKERS);
		assertThat(history.fewestReady()).isEqualTo(WORKERS);
		assertThat(history.mostAlive()).isEqualTo(WORKERS + 1);
	}

}
