package io.github.clusterboot.it;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers that cannot start.
 */
class FailingWorkerIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void startWhenNoWorkerCanEndsWith70AfterFiveAndShowsTheWorkersFailure() {
		ClusterApplication application = this.cluster.application()
			.workers(1)
			.args("--sample.fail-start=true", "--cluster.restart.initial-delay=10ms")
			.start();
		assertThat(application.awaitExit(Duration.ofSeconds(120))).isEqualTo(70);
		String output = application.output();
		String report = output.substring(output.indexOf("No worker was ever ready"));
		assertThat(report).contains("5 starts in a row have failed", "has exited with code 1 (START_FAILED)",
				"This worker does not start: sample.fail-start=true");
		application.awaitNoProcess(Duration.ofSeconds(1));
	}

	/**
	 * Conformance L9.
	 */
	@Test
	void startWhenOneWorkerAlwaysFailsLetsTheOtherServeAndTriesLessAndLessOften() {
		ClusterApplication application = this.cluster.application()
			.workers(2)
			.args("--sample.fail-start=${FAIL_${cluster.worker.index}:false}", "--cluster.restart.initial-delay=200ms",
					"--cluster.restart.multiplier=3", "--cluster.restart.max-delay=500ms")
			.environment("FAIL_1", "true")
			.start();
		List<Duration> delays = List.of(Duration.ofMillis(200), Duration.ofMillis(500));
		int last = 2 + delays.size();
		application.awaitEvent("the start after the last delay", (event) -> event.is("WORKER_STARTED", last));
		HttpProbe probe = application.probe();
		assertThat(probe.get("/worker", 50, 2)).allMatch(HttpAnswer::isOk)
			.extracting(HttpAnswer::workerId)
			.containsOnly(1);
		ClusterReport report = application.report();
		assertThat(report.size()).isEqualTo(new ClusterReport.Size(2, 1));
		assertThat(report.restarts().unexpected()).isGreaterThanOrEqualTo(delays.size());
		assertThat(application.output()).doesNotContain("No worker was ever ready");
		assertGrowing(delays,
				application.events()
					.stream()
					.filter((event) -> event.worker() != null && event.worker().index() == 1)
					.toList());
	}

	private static void assertGrowing(List<Duration> delays, List<EventReport> events) {
		List<EventReport> exits = ofType(events, "WORKER_EXITED");
		List<EventReport> starts = ofType(events, "WORKER_STARTED");
		List<EventReport> scheduled = ofType(events, "WORKER_RESTART_SCHEDULED");
		for (int i = 0; i < delays.size(); i++) {
			assertThat(exits.get(i).reason()).isEqualTo("START_FAILED");
			assertThat(exits.get(i).exitCode()).isEqualTo(1);
			assertThat(scheduled.get(i).worker()).isEqualTo(exits.get(i).worker());
			assertThat(Duration.between(exits.get(i).timestamp(), starts.get(i + 1).timestamp()))
				.isBetween(delays.get(i), delays.get(i).plusSeconds(1));
		}
	}

	private static List<EventReport> ofType(List<EventReport> events, String type) {
		return events.stream().filter((event) -> event.type().equals(type)).toList();
	}

}
