package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for applications that end on their own, which the {@link ExitHandler} tells from
 * bad replacements.
 */
class OwnChoiceTests {

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	@Test
	void leaveWhenTheApplicationHasServedStopsTheCluster() {
		this.cluster.leaves(1, 0);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.REQUESTED);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.STOPPING);
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_STOPPING)).singleElement()
			.satisfies((event) -> assertThat(event.message())
				.isEqualTo("The application in worker 1 (pid 1001) has ended by its own choice"));
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.exitCode()).isZero();
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.REQUESTED, ExitReason.REQUESTED);
	}

	@Test
	void leaveWhenTheApplicationDrainsIsNotReplacedBeforeItHasEnded() {
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), false);
		this.cluster.pass(Duration.ofSeconds(20));
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		assertThat(this.cluster.worker(1).isAskedToDrain()).isFalse();
	}

	@Test
	void leaveWhenTheApplicationFailsIsACrash() {
		this.cluster.leaves(1, 3);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED);
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		assertThat(this.cluster.exitCode()).isNull();
	}

	@Test
	void leaveWhenTheApplicationDoesNotEndInTimeKillsAndReplacesIt() {
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), false);
		this.cluster.pass(Duration.ofSeconds(30));
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.DRAIN_TIMEOUT);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.ids()).containsExactly(2, 3);
	}

	/**
	 * A context that is closed for a new one, as devtools does.
	 */
	@Test
	void leaveWhenTheApplicationHasANewContextGoesOn() {
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), false);
		this.cluster.pass(Duration.ofSeconds(3));
		this.cluster.ready(1);
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.READY);
		this.cluster.pass(Duration.ofMinutes(1));
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.READY);
		this.cluster.exits(1, 0);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED);
		assertThat(this.cluster.supervision().isShuttingDown()).isFalse();
	}

	@Test
	void leaveWhenTheWorkerIsAReplacementIsAFailedStart() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(1));
		this.cluster.exits(2, 137);
		this.cluster.pass(Duration.ofMillis(1500));
		assertThat(this.cluster.state(3)).isEqualTo(WorkerState.READY);
		this.cluster.leaves(3, 0);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED, ExitReason.START_FAILED);
		assertThat(this.cluster.supervision().isShuttingDown()).isFalse();
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	/**
	 * A bad new version must not end the cluster, even if it serves for a while first.
	 */
	@Test
	void leaveWhenTheWorkersAreOfANewGenerationRollsItBack() {
		this.cluster.starter().onStart((worker) -> {
			int id = worker.identity().id();
			this.cluster.after(Duration.ZERO, () -> this.cluster.ready(id));
			this.cluster.after(Duration.ofMillis(1100), () -> this.cluster.leaves(id, 0));
		});
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(2));
		this.cluster.workersAreReadyAfter(Duration.ZERO);
		this.cluster.pass(Duration.ofSeconds(2));
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
		assertThat(this.cluster.view().lastRestart().cause()).contains("has exited with code 0 (START_FAILED)");
		assertThat(this.cluster.supervision().isShuttingDown()).isFalse();
	}

	/**
	 * What ends in its start everywhere is meant to.
	 */
	@Test
	void leaveWhenNoWorkerHasEverSettledStopsTheCluster() {
		VirtualCluster starting = VirtualSettings.workers(2).cluster().start();
		starting.ready(1);
		starting.pass(Duration.ofMillis(500));
		starting.leaves(1, 0);
		starting.pass(Duration.ofSeconds(1));
		assertThat(starting.exitCode()).isZero();
		assertThat(starting.exitReasons()).containsExactly(ExitReason.REQUESTED, ExitReason.REQUESTED);
	}

	@Test
	void leaveWhenTheApplicationWasNeverReadyIsAFailedStart() {
		VirtualCluster starting = VirtualSettings.workers(2).cluster().start();
		starting.leaves(1, 0);
		assertThat(starting.exitReasons()).containsExactly(ExitReason.START_FAILED);
		assertThat(starting.supervision().isShuttingDown()).isFalse();
	}

	@Test
	void leaveWhenTheMasterHasAskedForTheEndIsNotItsChoice() {
		this.cluster.worker(2).deaf();
		this.cluster.resize(1);
		this.cluster.leaves(2, 0);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.SCALE_DOWN);
		assertThat(this.cluster.supervision().isShuttingDown()).isFalse();
	}

	@Test
	void leaveWhenTheClusterStopsAnywayChangesNothing() {
		this.cluster.worker(1).deaf();
		this.cluster.shutDown();
		this.cluster.leaves(1, 0);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void leaveWhenAnotherLeavesTooStopsTheClusterOnce() {
		this.cluster.leaves(1, 0);
		this.cluster.leaves(2, 0);
		assertThat(this.cluster.exitCode()).isZero();
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_STOPPING)).hasSize(1);
	}

}
