package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.it.app.TestApplication;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker whose JVM does not run is replaced; one that is only busy, or was stopped
 * together with its master, is not.
 */
class HungWorkerIT {

	private static final int WORKERS = 2;

	private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration TIME_TO_REPLACE = Duration.ofSeconds(3);

	private static final Duration TIME_TO_BURN = Duration.ofSeconds(ItSettings.isLong() ? 60 : 6);

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static final int debugger = FreePorts.first(1 + WORKERS + 1);

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application()
			.mainClass(TestApplication.class)
			// a process group of its own, as under a terminal
			.through("setsid")
			.jvmOptions("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + debugger)
			.workers(WORKERS)
			.args("--management.endpoints.web.exposure.include=*", "--cluster.restart.initial-delay=50ms",
					"--cluster.worker.heartbeat-timeout=" + HEARTBEAT_TIMEOUT.toSeconds() + "s")
			.start();
	}

	@Test
	void workerWhenStoppedIsKilledAndReplacedInTime() {
		ClusterReport.WorkerReport stopped = application.awaitReady(WORKERS).workers().get(0);
		Instant stop = Instant.now();
		Signals.send("STOP", stopped.pid());
		assertIsReplaced(stopped, stop);
	}

	@Test
	void workerWhenItsHeartStopsWritesAThreadDumpAndIsReplacedInTime() throws IOException {
		ClusterReport.WorkerReport hung = application.awaitReady(WORKERS).workers().get(0);
		int dumps = threadDumps();
		Instant stop = Instant.now();
		try (Debugger attached = Debugger.attach(debugger + 1 + hung.index())) {
			attached.suspend("cluster-heartbeat");
			assertIsReplaced(hung, stop);
		}
		assertThat(threadDumps()).isEqualTo(dumps + 1);
	}

	private static void assertIsReplaced(ClusterReport.WorkerReport hung, Instant since) {
		EventReport exited = application.awaitExitOf(hung);
		assertThat(exited.reason()).isEqualTo("HUNG");
		assertThat(exited.exitCode()).isEqualTo(137);
		assertThat(Duration.between(since, exited.timestamp()))
			// the last heartbeat may have been a moment before
			.isBetween(HEARTBEAT_TIMEOUT.minusSeconds(1), HEARTBEAT_TIMEOUT.plus(TIME_TO_REPLACE));
		assertThat(application.awaitReady(WORKERS).workers()).extracting(ClusterReport.WorkerReport::id)
			.doesNotContain(hung.id());
	}

	private static int threadDumps() {
		return application.output().split("Full thread dump", -1).length - 1;
	}

	@Test
	@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
	void groupWhenStoppedForLongerThanTheTimeoutGoesOn() throws InterruptedException {
		List<ClusterReport.WorkerReport> before = application.awaitReady(WORKERS).workers();
		application.signalGroup("STOP");
		letTimePass(HEARTBEAT_TIMEOUT.plusSeconds(2));
		application.signalGroup("CONT");
		assertLiveOn(before);
	}

	@Test
	void masterWhenStoppedForLongerThanTheTimeoutKillsNobody() throws InterruptedException {
		List<ClusterReport.WorkerReport> before = application.awaitReady(WORKERS).workers();
		application.signal("STOP");
		letTimePass(HEARTBEAT_TIMEOUT.plusSeconds(2));
		application.signal("CONT");
		assertLiveOn(before);
	}

	@Test
	void workerWhenItKeepsEveryProcessorBusyLivesOn() throws InterruptedException {
		List<ClusterReport.WorkerReport> before = application.awaitReady(WORKERS).workers();
		assertThat(application.probe().post("/burn?seconds=" + TIME_TO_BURN.toSeconds())).matches(HttpAnswer::isOk);
		letTimePass(TIME_TO_BURN);
		assertLiveOn(before);
	}

	/**
	 * That nothing happens is seen after the time in which it would have.
	 */
	private static void assertLiveOn(List<ClusterReport.WorkerReport> workers) throws InterruptedException {
		letTimePass(HEARTBEAT_TIMEOUT.plusSeconds(1));
		assertThat(application.awaitReady(WORKERS).workers()).extracting(ClusterReport.WorkerReport::pid)
			.isEqualTo(workers.stream().map(ClusterReport.WorkerReport::pid).toList());
		assertThat(application.probe().get("/process", 10, 2)).allMatch(HttpAnswer::isOk);
	}

	private static void letTimePass(Duration duration) throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(duration.toMillis());
	}

}
