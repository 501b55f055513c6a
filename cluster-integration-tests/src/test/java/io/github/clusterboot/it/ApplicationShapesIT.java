package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.it.app.FamilyApplication;
import io.github.clusterboot.it.app.JobApplication;
import io.github.clusterboot.it.app.StepsApplication;
import io.github.clusterboot.it.app.TestApplication;
import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import io.github.clusterboot.it.load.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that are not one context with one web server that {@code main} runs.
 */
class ApplicationShapesIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Fault A1.
	 */
	@Test
	void parentAndChildWhenChildIsSlowOrFailsAreReadyWithTheChildOnly() throws IOException {
		Path configuration = configuration("it.child-takes=3000");
		ClusterApplication application = this.cluster.application()
			.mainClass(FamilyApplication.class)
			.workers(1)
			.args("--spring.config.additional-location=" + configuration.toUri())
			.start();
		application.awaitReady(1);
		assertThat(application.output()).doesNotContain("The parent is made in process " + application.pid())
			.contains("The parent is made in process " + application.workerPids().get(0));
		assertThat(application.lifeOf(1)).containsExactly("WORKER_STARTED", "WORKER_ONLINE", "WORKER_LISTENING",
				"WORKER_READY");
		try (RunningLoad load = application.load()
			.clients(Traffic.NEW_CONNECTION, 1)
			.pause(Duration.ofMillis(20))
			.start()) {
			application.signal("HUP");
			application.awaitGeneration(2, 1);
			Files.writeString(configuration, "it.child-fails=true");
			application.signal("HUP");
			EventReport rolledBack = application.awaitEvent("the rollback",
					(event) -> event.type().equals("RESTART_ROLLED_BACK"));
			assertThat(rolledBack.message()).contains("The child fails to start");
			LoadResult result = load.stop();
			assertThat(result.failed()).as(result.toString()).isEmpty();
			assertThat(result.total()).isPositive();
		}
		assertThat(application.report().workers()).singleElement()
			.satisfies((worker) -> assertThat(worker.generation()).isEqualTo(2));
		assertThat(EventHistory.of(application.events()).sinceReady(1).fewestReady()).isOne();
		assertThat(EventHistory.of(application.events()).exits("START_FAILED")).isNotEmpty();
	}

	private static Path configuration(String content) throws IOException {
		Path file = ItSettings.directory().resolve("ApplicationShapesIT/family.properties");
		Files.createDirectories(file.getParent());
		return Files.writeString(file, content);
	}

	/**
	 * Fault A5.
	 */
	@Test
	void stepBeforeTheApplicationAndAnotherThreadThanMainsMakeACluster() {
		ClusterApplication application = this.cluster.application()
			.mainClass(StepsApplication.class)
			.workers(1)
			.start();
		ClusterReport report = application.awaitReady(1);
		assertThat(report.master().pid()).isEqualTo(application.pid());
		assertThat(application.lifeOf(1)).containsExactly("WORKER_STARTED", "WORKER_ONLINE", "WORKER_LISTENING",
				"WORKER_READY");
		assertThat(application.output()).doesNotContain(" WARN ");
	}

	/**
	 * Fault A7.
	 */
	@Test
	void jobWhenWorkersAreSetForItsSurroundingsRunsOnceAndEndsWithItsCode() {
		ClusterApplication job = this.cluster.application()
			.mainClass(JobApplication.class)
			.environment("CLUSTER_WORKERS", "2")
			.args("--spring.main.web-application-type=none")
			.start();
		assertThat(job.awaitExit(Duration.ofSeconds(60))).isEqualTo(7);
		assertThat(job.output()).containsOnlyOnce("The job runs in role STANDALONE").doesNotContain(" WARN ");
	}

	/**
	 * Fault A2.
	 */
	@Test
	void startWhenPortIsNegativeAndNoServerIsNeededListensNowhere() {
		ClusterApplication application = this.cluster.application()
			.mainClass(TestApplication.class)
			.port(-1)
			.workers(1)
			.args("--cluster.non-web=true")
			.start();
		application.awaitOutput("The cluster is running: its worker is ready");
		List<Long> processes = application.processes().stream().map(ProcessHandle::pid).toList();
		assertThat(processes).hasSize(2).allMatch((pid) -> TcpConnections.listening(pid) == 0);
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

}
