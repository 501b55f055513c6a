package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for workers that fail to start under a {@link ClusterMaster}, with
 * {@link MasterRunner}.
 */
@Timeout(120)
class RestartTests {

	/**
	 * Conformance row L9.
	 */
	@Test
	void restartWhenOneWorkerAlwaysFailsGrowsItsDelayWhileTheOthersServe() throws Exception {
		try (MasterRunner master = MasterRunner.workers(3)
			.worker(1, "plain.fail=3")
			.restart(Duration.ofMillis(200), 2, Duration.ofMillis(800), Duration.ofSeconds(30))
			.start()) {
			master.awaitOutput("worker \\d+ .* is ready");
			AtomicBoolean enough = new AtomicBoolean();
			CompletableFuture<Integer> served = CompletableFuture.supplyAsync(() -> serveUntil(master, enough));
			for (String delay : List.of("200 ms", "400 ms", "800 ms")) {
				master.awaitOutput("has exited with code 3 \\(START_FAILED\\): a new worker is started in " + delay);
			}
			master.awaitView((view) -> assertThat(view.restarts().unexpected()).isGreaterThanOrEqualTo(5));
			enough.set(true);
			assertThat(served.get()).isGreaterThan(20);
			assertDelaysBetween(master.events(), 200, 400, 800, 800);
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).hasSizeGreaterThanOrEqualTo(4)
				.allSatisfy((event) -> {
					assertThat(event.worker().index()).isOne();
					assertThat(event.reason()).isEqualTo(ExitReason.START_FAILED);
					assertThat(event.exitCode()).isEqualTo(3);
				});
			assertThat(master.view().size().ready()).isEqualTo(2);
		}
	}

	private static int serveUntil(MasterRunner master, AtomicBoolean enough) {
		try {
			int served = 0;
			while (!enough.get()) {
				assertThat(master.get("/slow/5")).isIn("1", "3");
				served++;
			}
			return served;
		}
		catch (IOException ex) {
			throw new AssertionError("The healthy workers do not serve on", ex);
		}
	}

	private static void assertDelaysBetween(List<ClusterEvent> events, long... delays) {
		List<ClusterEvent> atIndex = events.stream()
			.filter((event) -> event.worker() != null && event.worker().index() == 1)
			.filter((event) -> event.type() == ClusterEventType.WORKER_STARTED
					|| event.type() == ClusterEventType.WORKER_EXITED)
			.toList();
		for (int i = 0; i < delays.length; i++) {
			ClusterEvent exited = atIndex.get(2 * i + 1);
			ClusterEvent started = atIndex.get(2 * i + 2);
			assertThat(exited.type()).isEqualTo(ClusterEventType.WORKER_EXITED);
			assertThat(started.type()).isEqualTo(ClusterEventType.WORKER_STARTED);
			assertThat(Duration.between(exited.timestamp(), started.timestamp()))
				.isBetween(Duration.ofMillis(delays[i] - 2), Duration.ofMillis(delays[i] + 400));
		}
	}

	/**
	 * Conformance row L9.
	 */
	@Test
	void startWhenNoWorkerIsEverReadyGivesUpAfterFiveFailures() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).worker("plain.fail=3").start()) {
			assertThat(master.awaitExit()).isEqualTo(70);
			assertThat(master.count("has exited with code 3 \\(START_FAILED\\)")).isGreaterThanOrEqualTo(5);
			List<String> output = master.output();
			int report = output.indexOf(output.stream()
				.filter((line) -> line.contains("No worker was ever ready and 5 starts in a row have failed"))
				.findFirst()
				.orElseThrow());
			assertThat(output.subList(report, output.size()))
				.anyMatch((line) -> line.matches("plain worker \\d fails"));
			assertThat(master.count("No worker was ever ready")).isOne();
		}
	}

	/**
	 * Conformance row L9.
	 */
	@Test
	void startWhenTheCommandCannotBeStartedGivesUpAfterFiveFailures() throws IOException {
		try (MasterRunner master = MasterRunner.workers(8).unstartable().start()) {
			assertThat(master.awaitExit()).isEqualTo(70);
			assertThat(master.output()).anyMatch((line) -> line.contains("/nonexistent/java"));
			assertThat(master.count("No worker was ever ready and 5 starts in a row have failed")).isOne();
			assertThat(master.count("No worker was ever ready")).isOne();
		}
	}

}
