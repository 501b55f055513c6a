package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import io.github.clusterboot.it.app.TestApplication;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker that does not end by itself is ended.
 */
class DrainTimeoutIT {

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(3);

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application()
			.mainClass(TestApplication.class)
			.workers(2)
			.args("--management.endpoints.web.exposure.include=*",
					"--cluster.worker.drain-timeout=" + DRAIN_TIMEOUT.toSeconds() + "s",
					"--cluster.restart.initial-delay=50ms")
			.start();
	}

	/**
	 * Conformance L4.
	 */
	@Test
	void drainWhenRequestLoopsEndlesslyIsKilledInTime() throws IOException {
		ClusterReport before = application.awaitReady(2);
		try (HttpConnection connection = application.probe().connect()) {
			ClusterReport.WorkerReport looping = before
				.worker(Integer.parseInt(connection.post("/burn?seconds=0").text()));
			connection.send("POST", "/loop", Map.of(), new byte[0]);
			application.awaitOutput("The loop begins in worker " + looping.id());
			Signals.send("TERM", looping.pid());
			assertIsKilledInTime(looping);
		}
	}

	/**
	 * Conformance L4, where a shutdown hook of the application hangs.
	 */
	@Test
	void drainWhenShutdownHookHangsIsKilledInTime() {
		ClusterReport before = application.awaitReady(2);
		ClusterReport.WorkerReport hanging = before
			.worker(Integer.parseInt(application.probe().post("/refuse-exit").text()));
		Signals.send("TERM", hanging.pid());
		assertIsKilledInTime(hanging);
	}

	private static void assertIsKilledInTime(ClusterReport.WorkerReport worker) {
		EventReport exited = application.awaitExitOf(worker);
		EventReport draining = application.awaitEvent("the drain", (event) -> event.is("WORKER_DRAINING", worker.id()));
		assertThat(exited.reason()).isEqualTo("DRAIN_TIMEOUT");
		assertThat(exited.exitCode()).isEqualTo(137);
		assertThat(Duration.between(draining.timestamp(), exited.timestamp())).isBetween(DRAIN_TIMEOUT,
				DRAIN_TIMEOUT.plusSeconds(2));
		application.awaitReplacementOf(worker);
		assertThat(application.awaitReady(2).workers()).extracting(ClusterReport.WorkerReport::id)
			.doesNotContain(worker.id());
	}

}
