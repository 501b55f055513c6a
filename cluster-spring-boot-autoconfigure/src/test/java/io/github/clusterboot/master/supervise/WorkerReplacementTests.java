package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the restart of one worker by {@link Supervision}.
 */
class WorkerReplacementTests {

	private static final Duration START = Duration.ofSeconds(3).plus(Readiness.TIME_TO_SETTLE);

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	@BeforeEach
	void takeTimeToStart() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.watch();
	}

	@Test
	void replaceReplacesThatWorkerAlone() {
		this.cluster.replace(1);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		this.cluster.pass(START.minusMillis(1));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(Duration.ofMillis(1));
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.RESTART);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
		assertThat(this.cluster.view().generation()).isOne();
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 0));
		this.cluster.pass(START.multipliedBy(2));
		assertThat(this.cluster.ids()).containsExactly(2, 3);
	}

	@Test
	void replaceWhenNewWorkersFailLetsItStay() {
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.replace(1);
		this.cluster.pass(Duration.ofSeconds(60));
		assertThat(this.cluster.starter().requests()).isEqualTo(4);
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		assertThat(this.cluster.events(ClusterEventType.RESTART_ROLLED_BACK)).singleElement().satisfies((event) -> {
			assertThat(event.worker().id()).isOne();
			assertThat(event.message()).contains("worker 1 (pid 1001) stays: a new worker does not start")
				.contains("last words of worker 4");
		});
		assertThat(this.cluster.leastReady()).isEqualTo(2);
		assertThat(this.cluster.view().lastRestart()).isNull();
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.replace(2);
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(1, 5);
	}

	@Test
	void replaceWhenOneNewWorkerFailsTriesAgain() {
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.replace(1);
		this.cluster.pass(Duration.ofMillis(1050));
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.pass(START.plusMillis(100));
		assertThat(this.cluster.ids()).containsExactly(2, 4);
		assertThat(this.cluster.events(ClusterEventType.RESTART_ROLLED_BACK)).isEmpty();
	}

	/**
	 * One that is short of something is worth trying again for as long as it takes, and
	 * does not stay just because new workers fail.
	 */
	@Test
	void replaceWhenItWasNotAskedForAndNewWorkersFailGoesOnTrying() {
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.supervision().replace(this.cluster.handle(1), ExitReason.MAX_MEMORY);
		this.cluster.pass(Duration.ofSeconds(60));
		assertThat(this.cluster.starter().requests()).isGreaterThan(6);
		assertThat(this.cluster.ids()).contains(1, 2);
		assertThat(this.cluster.events(ClusterEventType.RESTART_ROLLED_BACK)).isEmpty();
	}

	@Test
	void replaceWhenAnotherRefusesTrafficGoesOn() {
		VirtualCluster three = VirtualSettings.workers(3).cluster().startWell();
		three.workersAreReadyAfter(Duration.ofSeconds(3));
		three.refuses(2);
		three.watch();
		three.replace(1);
		three.pass(START);
		assertThat(three.ids()).containsExactly(2, 3, 4);
		assertThat(three.leastReady()).isEqualTo(2);
	}

	@Test
	void replaceWhenTheWorkerItselfRefusesTrafficGoesOn() {
		this.cluster.refuses(1);
		this.cluster.replace(1);
		this.cluster.pass(START.minusMillis(1));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(Duration.ofMillis(1));
		assertThat(this.cluster.ids()).containsExactly(2, 3);
	}

	@Test
	void replaceWhenItIsDueAlreadyKeepsTheFirstReason() {
		this.cluster.supervision().replace(this.cluster.handle(1), ExitReason.MAX_REQUESTS);
		this.cluster.replace(1);
		this.cluster.pass(START);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.MAX_REQUESTS);
	}

	@Test
	void replaceOfTwoReplacesOneAfterTheOther() {
		this.cluster.replace(2);
		this.cluster.replace(1);
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(2, 3, 4);
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(3, 4);
		assertThat(this.cluster.mostAlive()).isEqualTo(3);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	@Test
	void replaceWhenTheWorkerCrashesMeanwhileNeedsNoOther() {
		this.cluster.replace(1);
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.exits(1, 137);
		this.cluster.pass(START.multipliedBy(2));
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED);
	}

	@Test
	void replaceWhenTheWorkerHangsMeanwhileNeedsNoOther() {
		this.cluster.worker(1).silent(true);
		this.cluster.pass(Duration.ofSeconds(29));
		this.cluster.replace(1);
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.HUNG);
	}

	@Test
	void replaceWhenTheWorkerDrainsAnywayDoesNothing() {
		this.cluster.worker(1).deaf();
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), true);
		this.cluster.pass(START);
		this.cluster.replace(1);
		this.cluster.pass(START);
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.exits(1, 143);
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.REQUESTED);
	}

	/**
	 * The worker that is to be replaced goes first, and then its replacement is too many.
	 */
	@Test
	void replaceWhenTheClusterShrinksMeanwhileKeepsWhatServes() {
		this.cluster.replace(1);
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.resize(1);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.ids()).containsExactly(2);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.SCALE_DOWN, ExitReason.SCALE_DOWN);
		assertThat(this.cluster.leastReady()).isOne();
	}

	@Test
	void replaceWhenTheClusterGrowsMeanwhileStillReplacesIt() {
		this.cluster.replace(1);
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.resize(3);
		this.cluster.pass(START.multipliedBy(2));
		assertThat(this.cluster.ids()).hasSize(3).doesNotContain(1);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.RESTART);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	@Test
	void replaceWhenTheStartIsHeldUpWaits() {
		this.cluster.starter().hold();
		this.cluster.replace(1);
		this.cluster.pass(Duration.ofMinutes(5));
		assertThat(this.cluster.starter().requests()).isEqualTo(3);
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		this.cluster.starter().release();
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(2, 3);
	}

	@Test
	void replaceWhenAnotherIsMissingReplacesBoth() {
		VirtualCluster three = VirtualSettings.workers(3).cluster().startWell();
		three.workersAreReadyAfter(Duration.ofSeconds(3));
		three.exits(2, 137);
		three.replace(1);
		three.watch();
		three.pass(Duration.ofMillis(100).plus(START.multipliedBy(2)));
		assertThat(three.ids()).hasSize(3).contains(3).doesNotContain(1, 2);
		assertThat(three.leastReady()).isEqualTo(2);
	}

}
