package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.time.Instant;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a rolling restart by the {@link Supervisor}, alone and together with whatever
 * else may happen to a cluster.
 */
class RollingRestartTests {

	private static final Duration A_MOMENT = Duration.ofMillis(1);

	/**
	 * From the start of a worker until others can rely on it.
	 */
	private static final Duration START = Duration.ofSeconds(3).plus(Readiness.TIME_TO_SETTLE);

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	private final Duration begin = this.cluster.time();

	@BeforeEach
	void takeTimeToStart() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.watch();
	}

	@Test
	void restartReplacesEachWorkerWhenItsReplacementHasSettled() {
		this.cluster.restart();
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RESTARTING);
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(START.minus(A_MOMENT));
		assertThat(this.cluster.state(3)).isEqualTo(WorkerState.READY);
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.ids()).containsExactly(2, 3, 4);
		this.cluster.pass(START.minus(A_MOMENT));
		assertThat(this.cluster.ids()).containsExactly(2, 3, 4);
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.ids()).containsExactly(3, 4);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
		assertThat(this.cluster.mostAlive()).isEqualTo(3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.RESTART, ExitReason.RESTART);
		assertThat(this.cluster.worker(1).isToHandBack()).isTrue();
	}

	@Test
	void restartIsToldFromItsBeginningToItsEnd() {
		this.cluster.restart();
		assertThat(this.cluster.view().lastRestart())
			.isEqualTo(new ClusterView.LastRestart(2, RestartState.RUNNING, at(Duration.ZERO), null, null));
		this.cluster.pass(START.multipliedBy(2));
		ClusterView after = this.cluster.view();
		assertThat(after.state()).isEqualTo(ClusterState.RUNNING);
		assertThat(after.generation()).isEqualTo(2);
		assertThat(after.workers()).allMatch((worker) -> worker.generation() == 2);
		assertThat(after.restarts()).isEqualTo(new ClusterView.Restarts(2, 0));
		assertThat(after.lastRestart()).isEqualTo(new ClusterView.LastRestart(2, RestartState.COMPLETED,
				at(Duration.ZERO), at(START.multipliedBy(2)), null));
		assertThat(this.cluster.times(ClusterEventType.RESTART_STARTED)).containsExactly(this.begin);
		assertThat(this.cluster.times(ClusterEventType.RESTART_COMPLETED))
			.containsExactly(this.begin.plus(START.multipliedBy(2)));
	}

	private Instant at(Duration sinceBegin) {
		return VirtualCluster.BEGIN.plus(this.begin).plus(sinceBegin);
	}

	@Test
	void restartWhenAWorkerDrainsForLongStartsTheNextReplacementAfterItsEnd() {
		this.cluster.worker(1).deaf();
		this.cluster.restart();
		this.cluster.pass(START);
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.DRAINING);
		this.cluster.pass(Duration.ofSeconds(30).minus(A_MOMENT));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.ids()).containsExactly(2, 3, 4);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.DRAIN_TIMEOUT);
		this.cluster.pass(START);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(2, 0));
	}

	@Test
	void restartWhenOneRunsStartsOverWithTheNewestGeneration() {
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(2));
		this.cluster.restart();
		assertThat(this.cluster.ids()).containsExactly(1, 2, 4);
		assertThat(this.cluster.worker(3).isTerminated()).isTrue();
		this.cluster.pass(START.multipliedBy(2));
		assertCompleted(3);
		assertThat(this.cluster.events(ClusterEventType.RESTART_STARTED)).hasSize(2);
		assertThat(this.cluster.events(ClusterEventType.RESTART_COMPLETED)).hasSize(1);
		assertThat(this.cluster.exitReasons()).containsOnly(ExitReason.RESTART);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
		assertThat(this.cluster.mostAlive()).isEqualTo(3);
	}

	/**
	 * One that has been ready serves until a worker of the newest generation does.
	 */
	@Test
	void restartWhenAReplacementHasJustGotReadyReplacesItLast() {
		this.cluster.restart();
		this.cluster.pass(START.minusMillis(500));
		this.cluster.restart();
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(Duration.ofMillis(500));
		assertThat(this.cluster.ids()).containsExactly(2, 3, 4);
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(3, 4, 5);
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(4, 5);
		assertCompleted(3);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	/**
	 * What was ended before it was ready holds the place of its successor.
	 */
	@Test
	void restartWhenRequestsComeFasterThanWorkersEndPilesUpNoProcesses() {
		VirtualCluster starting = VirtualSettings.workers(2).cluster();
		starting.afterStarts(Duration.ZERO, VirtualWorker::deaf);
		starting.start();
		starting.watch();
		for (int i = 0; i < 5; i++) {
			starting.restart();
			starting.pass(Duration.ofMillis(100));
		}
		assertThat(starting.ids()).containsExactly(1, 2);
		starting.workersAreReadyAfter(Duration.ofSeconds(3));
		starting.exits(1, 143);
		starting.exits(2, 143);
		assertThat(starting.ids()).containsExactly(3, 4);
		assertThat(starting.mostAlive()).isEqualTo(2);
		starting.pass(START);
		assertThat(starting.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(starting.view().generation()).isEqualTo(6);
		assertThat(starting.view().workers()).allMatch((worker) -> worker.generation() == 6);
	}

	@Test
	void restartWhenTheStartOfAReplacementIsHeldUpEndsItIfItIsLate() {
		this.cluster.starter().hold();
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(20));
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.starter().requests()).isEqualTo(3);
		this.cluster.starter().release();
		this.cluster.pass(Duration.ZERO);
		assertThat(this.cluster.worker(3).identity().generation()).isEqualTo(2);
		assertThat(this.cluster.worker(3).isTerminated()).isTrue();
		this.cluster.pass(START.multipliedBy(2));
		assertCompleted(3);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	@Test
	void restartWhenAReplacementFailsOnceTriesAgain() {
		this.cluster.workersExitAfter(Duration.ofSeconds(2), 1);
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.pass(Duration.ofSeconds(1).plusMillis(100).plus(START));
		assertThat(this.cluster.ids()).containsExactly(2, 4, 5);
		this.cluster.pass(START);
		assertCompleted(2);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(3, 1));
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	/**
	 * The cluster has lost one that no restart had asked to end: two are replaced beside
	 * each other, and no more are missing than were before.
	 */
	@Test
	void restartWhenAnOldWorkerCrashesMeanwhileConverges() {
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.exits(2, 137);
		this.cluster.pass(Duration.ofMillis(99));
		assertThat(this.cluster.ids()).containsExactly(1, 3);
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.ids()).containsExactly(1, 3, 4);
		this.cluster.pass(START);
		assertCompleted(2);
		assertThat(this.cluster.leastReady()).isOne();
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED, ExitReason.RESTART);
	}

	@Test
	void restartWhenAllOldWorkersCrashMeanwhileConverges() {
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.exits(1, 137);
		this.cluster.exits(2, 137);
		this.cluster.pass(START.multipliedBy(2));
		assertCompleted(2);
		assertThat(this.cluster.ids()).containsExactly(3, 4);
	}

	@Test
	void restartWhenAWorkerHangsMeanwhileConverges() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(Duration.ofSeconds(28));
		this.cluster.restart();
		this.cluster.pass(Duration.ofMillis(2250));
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.OUT_OF_SERVICE);
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.ids()).containsExactly(1, 3, 4);
		this.cluster.pass(START);
		assertCompleted(2);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.HUNG, ExitReason.RESTART);
		assertThat(this.cluster.leastReady()).isOne();
	}

	@Test
	void restartWhenAWorkerRefusesTrafficReplacesItFirst() {
		this.cluster.refuses(2);
		this.cluster.watch();
		this.cluster.restart();
		this.cluster.pass(START);
		assertThat(this.cluster.ids()).containsExactly(1, 3, 4);
		assertThat(this.cluster.leastReady()).isOne();
		this.cluster.pass(START);
		assertCompleted(2);
	}

	@Test
	void restartWhenADelayKeepsAnIndexEmptyEndsTheDelay() {
		VirtualCluster one = VirtualSettings.workers(1)
			.restart(new MasterSettings.Restart(Duration.ofSeconds(60), 1, Duration.ofSeconds(60),
					Duration.ofSeconds(60)))
			.cluster()
			.startWell();
		one.exits(1, 137);
		one.pass(Duration.ofSeconds(1));
		assertThat(one.ids()).isEmpty();
		one.restart();
		assertThat(one.ids()).containsExactly(2);
		one.pass(START);
		assertThat(one.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
	}

	@Test
	void restartWhenTheClusterGrowsMeanwhileStartsAllOfTheNewGeneration() {
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.resize(4);
		this.cluster.pass(START.multipliedBy(4));
		assertCompleted(2);
		assertThat(this.cluster.view().size()).isEqualTo(new ClusterView.Size(4, 4));
		assertThat(this.cluster.leastReady()).isEqualTo(2);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.RESTART, ExitReason.RESTART);
	}

	/**
	 * The size is below the number of those that are ready: old ones go first, but for
	 * the one that is being replaced.
	 */
	@Test
	void restartWhenTheClusterShrinksMeanwhileKeepsOneOldWorkerUntilTheNewOneServes() {
		VirtualCluster three = VirtualSettings.workers(3).cluster().startWell();
		three.workersAreReadyAfter(Duration.ofSeconds(3));
		three.watch();
		three.restart();
		three.pass(Duration.ofSeconds(1));
		three.resize(1);
		assertThat(three.ids()).containsExactly(1, 4);
		three.pass(START);
		assertThat(three.ids()).containsExactly(4);
		assertThat(three.exitReasons()).containsExactly(ExitReason.SCALE_DOWN, ExitReason.SCALE_DOWN,
				ExitReason.RESTART);
		assertThat(three.leastReady()).isOne();
		assertThat(three.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 0));
		assertThat(three.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void restartWhenAWorkerIsToBeRecycledReplacesItOnce() {
		this.cluster.supervision().replace(this.cluster.handle(2), ExitReason.MAX_MEMORY);
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.restart();
		assertThat(this.cluster.worker(3).isTerminated()).isTrue();
		this.cluster.pass(START.multipliedBy(2));
		assertCompleted(2);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.RESTART, ExitReason.RESTART,
				ExitReason.MAX_MEMORY);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	@Test
	void restartWhenAWorkerDrainsOnItsOwnWaitsForItsEnd() {
		this.cluster.worker(2).deaf();
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(2), true);
		this.cluster.pass(START);
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.exits(2, 143);
		assertThat(this.cluster.ids()).containsExactly(1, 3, 4);
		this.cluster.pass(START.multipliedBy(2));
		assertCompleted(2);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.REQUESTED, ExitReason.RESTART,
				ExitReason.RESTART);
	}

	@Test
	void restartWhenOneWorkerIsConfiguredHasTwoForAWhile() {
		VirtualCluster one = VirtualSettings.workers(1).cluster().startWell();
		one.watch();
		one.restart();
		one.pass(Duration.ofSeconds(1));
		assertThat(one.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(one.leastReady()).isOne();
		assertThat(one.mostAlive()).isEqualTo(2);
	}

	@Test
	void restartWhenTheClusterStopsDoesNothing() {
		this.cluster.shutDown();
		this.cluster.restart();
		this.cluster.pass(START);
		assertThat(this.cluster.view().generation()).isOne();
		assertThat(this.cluster.events(ClusterEventType.RESTART_STARTED)).isEmpty();
		assertThat(this.cluster.starter().requests()).isEqualTo(2);
	}

	private void assertCompleted(int generation) {
		ClusterView view = this.cluster.view();
		assertThat(view.state()).isEqualTo(ClusterState.RUNNING);
		assertThat(view.lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(view.lastRestart().generation()).isEqualTo(generation);
		assertThat(view.workers()).hasSize(view.size().target())
			.allMatch((worker) -> worker.generation() == generation && worker.state() == WorkerState.READY);
	}

}
