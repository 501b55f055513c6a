package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.loop.MasterLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartHandler}: starts that take too long, are held up, or cannot be
 * noted.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartHandlerTests {

	private static final Duration A_MOMENT = Duration.ofMillis(1);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

	private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("Java heap space");

	@AfterEach
	void awaitLog() {
		MasterLog.flush();
	}

	@Test
	void startWhenTheWorkerIsNotReadyInTimeKillsItAndTriesAgain() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster().start();
		cluster.ready(1);
		cluster.pass(START_TIMEOUT.minus(A_MOMENT));
		assertThat(cluster.worker(2).isKilled()).isFalse();
		cluster.pass(A_MOMENT);
		assertThat(cluster.worker(2).isKilled()).isTrue();
		assertThat(cluster.events(ClusterEventType.WORKER_EXITED)).singleElement().satisfies((event) -> {
			assertThat(event.worker().id()).isEqualTo(2);
			assertThat(event.reason()).isEqualTo(ExitReason.START_TIMEOUT);
			assertThat(event.exitCode()).isEqualTo(137);
		});
		assertThat(cluster.view().state()).isEqualTo(ClusterState.STARTING);
		assertThat(cluster.state(1)).isEqualTo(WorkerState.READY);
		cluster.pass(Duration.ofMillis(100));
		assertThat(cluster.ids()).containsExactly(1, 3);
		assertThat(cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 1));
	}

	/**
	 * The first one may be migrating a database.
	 */
	@Test
	void startWhenNoneHasEverBeenReadyOnlyWarnsEachTime(CapturedOutput output) {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster().start();
		cluster.pass(START_TIMEOUT.multipliedBy(3).plusSeconds(1));
		assertThat(cluster.ids()).containsExactly(1);
		assertThat(cluster.worker(1).isKilled()).isFalse();
		MasterLog.flush();
		assertThat(output).contains("worker 1 (pid 1001) is not ready after 120.0 s. It is not killed")
			.contains("is not ready after 240.0 s")
			.contains("is not ready after 360.0 s");
		cluster.ready(1);
		cluster.pass(Duration.ofSeconds(2));
		assertThat(cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(cluster.handle(1).hasDeadline()).isFalse();
	}

	@Test
	void startWhenAnotherGetsReadyLateKillsAtTheNextTimeout() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster().start();
		cluster.pass(START_TIMEOUT.plusSeconds(1));
		cluster.ready(1);
		cluster.pass(START_TIMEOUT);
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.START_TIMEOUT);
		assertThat(cluster.worker(2).isKilled()).isTrue();
	}

	@Test
	void startWhenTheTimeoutIsVeryShortWarnsOnceASecond(CapturedOutput output) {
		VirtualCluster cluster = VirtualSettings.workers(1).startTimeout(Duration.ofMillis(10)).cluster().start();
		cluster.pass(Duration.ofMillis(2500));
		MasterLog.flush();
		assertThat(output).contains("is not ready after 10 ms")
			.contains("is not ready after 1.0 s")
			.contains("is not ready after 2.0 s");
		assertThat(output.getOut().lines().filter((line) -> line.contains("is not ready after"))).hasSize(3);
	}

	@Test
	void startWhenTheWorkerGetsReadyJustInTimeLetsItSettle() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster().start();
		cluster.ready(1);
		cluster.pass(START_TIMEOUT.minusMillis(500));
		cluster.ready(2);
		cluster.pass(Duration.ofSeconds(2));
		assertThat(cluster.state(2)).isEqualTo(WorkerState.READY);
		assertThat(cluster.handle(2).hasDeadline()).isFalse();
	}

	@Test
	void startWhenTheWorkerGetsReadyJustInTimeAndRefusesTrafficKillsIt() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster().start();
		cluster.ready(1);
		cluster.pass(START_TIMEOUT.minusMillis(500));
		cluster.ready(2);
		cluster.pass(Readiness.TIME_TO_SETTLE.minus(A_MOMENT));
		cluster.refuses(2);
		cluster.pass(Duration.ofMillis(501));
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.START_TIMEOUT);
	}

	@Test
	void lookWhenAStartIsHeldUpWarnsOnce(CapturedOutput output) {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.pass(Duration.ofSeconds(10).minus(A_MOMENT));
		MasterLog.flush();
		assertThat(output).doesNotContain("waiting to be started");
		cluster.pass(Duration.ofMinutes(5));
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("A worker has been waiting to be started for 10.0 s");
		cluster.starter().release();
		cluster.pass(Duration.ofSeconds(5));
		cluster.starter().hold();
		cluster.resize(3);
		cluster.pass(Duration.ofSeconds(15));
		MasterLog.flush();
		assertThat(output.getOut().lines().filter((line) -> line.contains("waiting to be started"))).hasSize(2);
	}

	@Test
	void startedWhenTheWorkerCannotBeNotedKillsItsProcess() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.failClockWith(NO_MEMORY);
		cluster.start();
		assertThat(cluster.worker(1).isKilled()).isTrue();
		assertThat(cluster.starter().told()).containsExactly("exited 1 START_FAILED 137");
		assertThat(cluster.ids()).isEmpty();
		cluster.failClockWith(null);
		cluster.pass(Duration.ofMillis(100));
		assertThat(cluster.ids()).containsExactly(2);
		assertThat(cluster.events(ClusterEventType.WORKER_STARTED)).hasSize(1);
	}

	@Test
	void failedWhenItCouldNotBeToldIsNotedBefore() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.refuseTasks(NO_MEMORY);
		cluster.starter().failWith(new IOException("Exec failed"));
		cluster.starter().release();
		cluster.refuseTasks(null);
		cluster.starter().failWith(null);
		assertThat(cluster.supervision().workers().beingStarted()).isOne();
		cluster.pass(Supervision.INTERVAL);
		assertThat(cluster.supervision().workers().beingStarted()).isZero();
		cluster.pass(Duration.ofMillis(100));
		assertThat(cluster.ids()).containsExactly(1);
	}

	@Test
	void failedWhenItsConsequencesCannotBeDrawnPausesAllStarts() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.starter().failWith(new IOException("Exec failed"));
		cluster.starter().release();
		cluster.refuseTasks(NO_MEMORY);
		cluster.pass(Duration.ZERO);
		cluster.refuseTasks(null);
		cluster.starter().failWith(null);
		cluster.pass(Duration.ofSeconds(1).minus(A_MOMENT));
		assertThat(cluster.starter().requests()).isEqualTo(2);
		cluster.pass(A_MOMENT);
		assertThat(cluster.ids()).containsExactly(1, 2);
	}

	/**
	 * A JVM's own errors say little, and what is missing is told.
	 */
	@Test
	void failedWhenTheFailureIsAnErrorTellsItsKind(CapturedOutput output) {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.starter().failWith(new OutOfMemoryError("unable to create native thread"));
		cluster.start();
		MasterLog.flush();
		assertThat(output).contains("Cannot start a worker: ").contains("unable to create native thread");
	}

	@Test
	void failedWhenTheClusterStopsEndsIt() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.shutDown();
		assertThat(cluster.exitCode()).isNull();
		cluster.starter().release();
		cluster.pass(Duration.ZERO);
		assertThat(cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void startedWhenTheClusterStopsEndsTheWorker() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.starter().release();
		cluster.supervision().shutDown(143, "TERM");
		cluster.pass(Duration.ZERO);
		assertThat(cluster.worker(1).isTerminated()).isTrue();
		assertThat(cluster.worker(1).isKilled()).isFalse();
		assertThat(cluster.exitCode()).isEqualTo(143);
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.REQUESTED);
	}

	@Test
	void startedWhenTheClusterStopsWithoutGraceKillsTheWorker() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.starter().release();
		cluster.supervision().shutDownNow(143, "TERM again");
		cluster.pass(Duration.ZERO);
		assertThat(cluster.worker(1).isKilled()).isTrue();
		assertThat(cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void startedWhenTheClusterHasFailedHoldsBackItsOutput() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.starter().release();
		cluster.supervision().failIfNeverReady(new IOException("Port 8080 is in use"));
		cluster.pass(Duration.ZERO);
		assertThat(cluster.worker(1).isOutputHeldBack()).isTrue();
		assertThat(cluster.supervision().exit()).isCompletedExceptionally();
	}

}
