package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ExitReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a cluster none of whose workers is ever ready, and the end that
 * {@link FailedStarts} puts to it. Conformance row L9.
 */
class GivingUpTests {

	private static final int GIVEN_UP = 70;

	@Test
	void startWhenNoWorkerIsEverReadyGivesUpAfterFiveFailures() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.workersExitAfter(Duration.ofSeconds(1), 3);
		cluster.start();
		cluster.pass(Duration.ofMillis(100 + 200 + 400 + 800).plusSeconds(5).minusMillis(1));
		assertThat(cluster.exitCode()).isNull();
		assertThat(cluster.starter().told()).doesNotContain("hints");
		cluster.pass(Duration.ofMillis(1));
		assertThat(cluster.exitCode()).isEqualTo(GIVEN_UP);
		assertThat(cluster.exitReasons()).hasSize(5).containsOnly(ExitReason.START_FAILED);
		assertThat(cluster.starter().told()).containsOnlyOnce("hints");
		assertThat(cluster.events(ClusterEventType.CLUSTER_STOPPING)).singleElement()
			.satisfies((event) -> assertThat(event.message()).isEqualTo("No worker can be started"));
		cluster.pass(Duration.ofMinutes(1));
		assertThat(cluster.starter().requests()).isEqualTo(5);
	}

	@Test
	void startWhenProcessesCannotBeMadeGivesUpAfterFiveFailures() {
		VirtualCluster cluster = VirtualSettings.workers(8).cluster();
		cluster.starter().failWith(new IOException("/nonexistent/java"));
		cluster.start();
		assertThat(cluster.exitCode()).isEqualTo(GIVEN_UP);
		assertThat(cluster.starter().told()).containsOnlyOnce("hints");
		assertThat(cluster.events(ClusterEventType.CLUSTER_STOPPING)).hasSize(1);
	}

	/**
	 * Those that start have made files.
	 */
	@Test
	void startWhenItGivesUpEndsOthersInGoodOrder() {
		VirtualCluster cluster = failingFiveOf(6);
		assertThat(cluster.worker(6).isTerminated()).isTrue();
		assertThat(cluster.worker(6).isKilled()).isFalse();
		assertThat(cluster.exitCode()).isEqualTo(GIVEN_UP);
		assertThat(cluster.exitReasons()).last().isEqualTo(ExitReason.REQUESTED);
	}

	@Test
	void startWhenItGivesUpAndAnotherDoesNotEndKillsIt() {
		VirtualCluster cluster = deafOneAfterGivingUp(VirtualSettings.workers(6));
		cluster.pass(Duration.ofSeconds(10).minusMillis(1));
		assertThat(cluster.exitCode()).isNull();
		assertThat(cluster.worker(6).isKilled()).isFalse();
		cluster.pass(Duration.ofMillis(1));
		assertThat(cluster.worker(6).isKilled()).isTrue();
		assertThat(cluster.exitCode()).isEqualTo(GIVEN_UP);
	}

	@Test
	void startWhenItGivesUpAndTheShutdownTimeoutIsShorterKillsAfterThat() {
		VirtualCluster cluster = deafOneAfterGivingUp(
				VirtualSettings.workers(6).shutdownTimeout(Duration.ofSeconds(2)));
		cluster.pass(Duration.ofSeconds(2).minusMillis(1));
		assertThat(cluster.worker(6).isKilled()).isFalse();
		cluster.pass(Duration.ofMillis(1));
		assertThat(cluster.exitCode()).isEqualTo(GIVEN_UP);
	}

	private static VirtualCluster deafOneAfterGivingUp(VirtualSettings settings) {
		VirtualCluster cluster = settings.cluster().start();
		cluster.worker(6).deaf();
		for (int id = 1; id <= 5; id++) {
			cluster.exits(id, 1);
		}
		assertThat(cluster.view().state()).isEqualTo(ClusterState.STOPPING);
		return cluster;
	}

	private static VirtualCluster failingFiveOf(int workers) {
		VirtualCluster cluster = VirtualSettings.workers(workers).cluster().start();
		for (int id = 1; id <= 5; id++) {
			cluster.exits(id, 1);
		}
		return cluster;
	}

	@Test
	void startWhenAWorkerHasEverBeenReadyNeverGivesUp() {
		VirtualCluster cluster = VirtualSettings.workers(1)
			.restart(
					new MasterSettings.Restart(Duration.ofMillis(10), 1, Duration.ofMillis(10), Duration.ofSeconds(30)))
			.cluster()
			.startWell();
		cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		cluster.exits(1, 137);
		cluster.pass(Duration.ofMinutes(1));
		assertThat(cluster.exitReasons()).hasSizeGreaterThan(50);
		assertThat(cluster.exitCode()).isNull();
		cluster.workersAreReadyAfter(Duration.ofSeconds(1));
		cluster.pass(Duration.ofSeconds(3));
		assertThat(cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	/**
	 * Ready for a moment is enough to know that it can be.
	 */
	@Test
	void startWhenWorkersAreReadyForAMomentNeverGivesUp() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster();
		cluster.starter().onStart((worker) -> cluster.after(Duration.ofSeconds(1), () -> {
			cluster.ready(worker.identity().id());
			cluster.after(Duration.ofMillis(500), () -> worker.exits(1));
		}));
		cluster.start();
		cluster.pass(Duration.ofMinutes(2));
		assertThat(cluster.exitReasons()).hasSizeGreaterThan(10).containsOnly(ExitReason.CRASHED);
		assertThat(cluster.exitCode()).isNull();
	}

	@Test
	void startWhenARestartIsAskedForMeanwhileCountsOn() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster();
		cluster.workersExitAfter(Duration.ofSeconds(1), 3);
		cluster.start();
		cluster.pass(Duration.ofMillis(2500));
		cluster.restart();
		cluster.pass(Duration.ofSeconds(10));
		assertThat(cluster.exitCode()).isEqualTo(GIVEN_UP);
	}

	@Test
	void failIfNeverReadyWhenNoneIsReadyEndsWithTheFailureAlone() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster().start();
		IOException failure = new IOException("Port 8080 is in use");
		cluster.supervision().failIfNeverReady(failure);
		assertThat(cluster.worker(1).isOutputHeldBack()).isTrue();
		assertThat(cluster.worker(2).isTerminated()).isTrue();
		cluster.pass(Duration.ZERO);
		assertThat(cluster.supervision().exit()).isCompletedExceptionally();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> cluster.supervision().exit().join())
			.havingCause()
			.isSameAs(failure);
	}

	@Test
	void failIfNeverReadyWhenItIsToldAgainKeepsTheFirstEnd() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster().start();
		cluster.worker(1).deaf();
		cluster.supervision().failIfNeverReady(new IOException("Port 8080 is in use"));
		cluster.supervision().failIfNeverReady(new IOException("Port 8081 is in use"));
		assertThat(cluster.events(ClusterEventType.CLUSTER_STOPPING)).hasSize(1);
	}

	@Test
	void failIfNeverReadyWhenOneWasReadyDoesNothing() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster().startWell();
		cluster.supervision().failIfNeverReady(new IOException("Port 8081 is in use"));
		assertThat(cluster.supervision().isShuttingDown()).isFalse();
		assertThat(cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

}
