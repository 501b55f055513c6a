package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;

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
 * Tests for a {@link Rollout} whose workers do not start or do not last.
 */
class RollBackTests {

	private static final Duration A_MOMENT = Duration.ofMillis(1);

	private static final Duration DELAY = Duration.ofMillis(100);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	private final Duration begin = this.cluster.time();

	@BeforeEach
	void watch() {
		this.cluster.watch();
	}

	@Test
	void restartWhenNewWorkersFailTwiceIsRolledBack() {
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RESTARTING);
		this.cluster.pass(DELAY.plusSeconds(1).minus(A_MOMENT));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RESTARTING);
		this.cluster.pass(A_MOMENT);
		assertRolledBackTo(1, 2);
		ClusterView.LastRestart rolledBack = this.cluster.view().lastRestart();
		assertThat(rolledBack.startTime()).isEqualTo(VirtualCluster.BEGIN.plus(this.begin));
		assertThat(rolledBack.endTime()).isEqualTo(VirtualCluster.BEGIN.plus(this.begin).plus(DELAY).plusSeconds(2));
		assertThat(rolledBack.cause()).contains("worker 4 (pid 1004) has exited with code 1 (START_FAILED)")
			.contains("last words of worker 4");
		assertThat(this.cluster.events(ClusterEventType.RESTART_ROLLED_BACK)).singleElement()
			.satisfies((event) -> assertThat(event.message()).contains("Generation 2 does not start")
				.contains("last words of worker 4"));
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_FAILED, ExitReason.START_FAILED);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
		assertThat(this.cluster.mostAlive()).isEqualTo(3);
	}

	@Test
	void restartWhenTheOneBeforeWasRolledBackIsAnotherGeneration() {
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(60));
		assertThat(this.cluster.starter().requests()).isEqualTo(4);
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(1));
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(4));
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.view().workers()).allMatch((worker) -> worker.generation() == 3);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	@Test
	void restartWhenNewWorkersCannotBeStartedIsRolledBack() {
		this.cluster.starter().failWith(new IOException("Exec failed"));
		this.cluster.restart();
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RESTARTING);
		this.cluster.pass(DELAY);
		assertRolledBackTo(1, 2);
		assertThat(this.cluster.view().lastRestart().cause()).isEqualTo("Cannot start a worker: Exec failed");
		this.cluster.pass(Duration.ofSeconds(60));
		assertThat(this.cluster.starter().requests()).isEqualTo(4);
	}

	@Test
	void restartWhenNewWorkersAreNotReadyInTimeIsRolledBack() {
		this.cluster.starter().onStart((worker) -> {
		});
		this.cluster.restart();
		this.cluster.pass(START_TIMEOUT.minus(A_MOMENT));
		assertThat(this.cluster.worker(3).isKilled()).isFalse();
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_TIMEOUT);
		this.cluster.pass(DELAY.plus(START_TIMEOUT));
		assertRolledBackTo(1, 2);
		assertThat(this.cluster.view().lastRestart().cause()).contains("has exited with code 137 (START_TIMEOUT)");
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_TIMEOUT, ExitReason.START_TIMEOUT);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(2, 2));
	}

	@Test
	void restartWhenNewWorkersRefuseTrafficSoonIsRolledBack() {
		this.cluster.afterStarts(Duration.ofSeconds(2), (worker) -> {
			int id = worker.identity().id();
			this.cluster.ready(id);
			this.cluster.after(Readiness.TIME_TO_SETTLE.minus(A_MOMENT), () -> this.cluster.refuses(id));
		});
		this.cluster.restart();
		this.cluster.pass(START_TIMEOUT.minus(A_MOMENT));
		assertThat(this.cluster.state(3)).isEqualTo(WorkerState.OUT_OF_SERVICE);
		this.cluster.pass(A_MOMENT.plus(DELAY).plus(START_TIMEOUT));
		assertRolledBackTo(1, 2);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_TIMEOUT, ExitReason.START_TIMEOUT);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	@Test
	void restartWhenNewWorkersHangBeforeTheyAreReadyIsRolledBack() {
		this.cluster.afterStarts(Duration.ofSeconds(1), (worker) -> worker.silent(true));
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(70));
		assertRolledBackTo(1, 2);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.HUNG, ExitReason.HUNG);
	}

	@Test
	void restartWhenAStartInBetweenSucceedsIsNotRolledBack() {
		this.cluster.starter()
			.onStart((worker) -> this.cluster.after(Duration.ofSeconds(1), () -> oddOnesFail(worker)));
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_FAILED, ExitReason.RESTART,
				ExitReason.START_FAILED, ExitReason.RESTART);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
	}

	private void oddOnesFail(VirtualWorker worker) {
		int id = worker.identity().id();
		if (id % 2 == 1) {
			worker.exits(1);
		}
		else {
			this.cluster.ready(id);
		}
	}

	@Test
	void restartWhenItIsBegunAnewAfterAFailureCountsAnew() {
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RESTARTING);
		this.cluster.pass(DELAY.plusSeconds(1));
		assertRolledBackTo(1, 2);
		assertThat(this.cluster.view().lastRestart().generation()).isEqualTo(3);
	}

	/**
	 * New workers that were ready before the failure stay, too.
	 */
	@Test
	void restartWhenALaterWorkerFailsKeepsWhatHasBeenReplaced() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(1));
		this.cluster.restart();
		this.cluster.pass(Duration.ofMillis(1500));
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.pass(Duration.ofSeconds(10));
		assertRolledBackTo(2, 3);
		assertThat(this.cluster.worker(3).identity().generation()).isEqualTo(2);
		assertThat(this.cluster.leastReady()).isEqualTo(2);
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(1));
		this.cluster.exits(2, 137);
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.ids()).containsExactly(3, 6);
		assertThat(this.cluster.worker(6).identity().generation()).isOne();
	}

	/**
	 * A version that starts and then breaks must not replace the whole cluster.
	 */
	@Test
	void restartWhenTwoNewWorkersAreLostIsRolledBack() {
		VirtualCluster three = VirtualSettings.workers(3).cluster().startWell();
		three.restart();
		three.pass(Duration.ofMillis(1500));
		assertThat(three.ids()).containsExactly(2, 3, 4, 5);
		three.exits(4, 1);
		assertThat(three.view().state()).isEqualTo(ClusterState.RESTARTING);
		three.pass(Duration.ofMillis(600));
		three.exits(5, 1);
		assertThat(three.view().lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
		assertThat(three.view().lastRestart().cause()).contains("worker 5 (pid 1005) has exited with code 1 (CRASHED)");
		three.pass(Duration.ofSeconds(10));
		assertThat(three.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(three.view().generation()).isOne();
		assertThat(three.view().workers()).hasSize(3)
			.allMatch((worker) -> worker.generation() == 1 && worker.state() == WorkerState.READY);
	}

	@Test
	void restartWhenOneNewWorkerIsLostGoesOn() {
		this.cluster.restart();
		this.cluster.pass(Duration.ofMillis(1500));
		this.cluster.exits(3, 1);
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.view().workers()).hasSize(2).allMatch((worker) -> worker.generation() == 2);
	}

	@Test
	void restartWhenAStartOfTheGenerationBeforeFailsDoesNotCountIt() {
		this.cluster.starter().hold();
		this.cluster.exits(2, 137);
		this.cluster.pass(DELAY);
		this.cluster.restart();
		this.cluster.starter().failWith(new IOException("Exec failed"));
		this.cluster.starter().release();
		this.cluster.pass(Duration.ZERO);
		assertThat(this.cluster.starter().requests()).isEqualTo(3);
		this.cluster.pass(Duration.ofMillis(200));
		assertThat(this.cluster.starter().requests()).isEqualTo(4);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RESTARTING);
		this.cluster.starter().failWith(null);
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
	}

	@Test
	void restartWhenOldWorkersAreLostGoesOn() {
		VirtualCluster three = VirtualSettings.workers(3).cluster().startWell();
		three.workersAreReadyAfter(Duration.ofSeconds(3));
		three.restart();
		three.exits(1, 137);
		three.exits(2, 137);
		three.exits(3, 137);
		three.pass(Duration.ofSeconds(20));
		assertThat(three.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(three.view().workers()).hasSize(3).allMatch((worker) -> worker.generation() == 2);
	}

	/**
	 * A failed start beside the restart's own: another that is of the generation given up
	 * and has not settled is ended, too.
	 */
	@Test
	void restartWhenItIsRolledBackEndsWhatElseStarts() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(10));
		this.cluster.restart();
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.exits(2, 137);
		this.cluster.pass(Duration.ofMillis(1500));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RESTARTING);
		assertThat(this.cluster.ids()).containsExactly(1, 3, 5);
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(1));
		this.cluster.pass(Duration.ofMillis(1000));
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
		assertThat(this.cluster.worker(3).isTerminated()).isTrue();
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(this.cluster.view().workers()).hasSize(2).allMatch((worker) -> worker.generation() == 1);
	}

	@Test
	void restartWhenItIsRolledBackAfterTheClusterHasShrunkKeepsTheNewSize() {
		this.cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		this.cluster.restart();
		this.cluster.pass(Duration.ofMillis(500));
		this.cluster.resize(1);
		assertThat(this.cluster.ids()).containsExactly(1, 3);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.ids()).containsExactly(1);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
		assertThat(this.cluster.leastReady()).isOne();
	}

	/**
	 * A worker that has settled may still refuse traffic before its generation has proven
	 * itself: then it gets the time of a start to accept it again.
	 */
	@Test
	void restartWhenANewWorkerRefusesTrafficForLongKillsIt() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.restart();
		this.cluster.pass(Duration.ofMillis(4500));
		this.cluster.starter().onStart((worker) -> {
		});
		this.cluster.refuses(3);
		assertThat(this.cluster.handle(3).hasDeadline()).isTrue();
		this.cluster.pass(START_TIMEOUT);
		assertThat(this.cluster.worker(3).isKilled()).isTrue();
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.RESTART, ExitReason.START_TIMEOUT);
	}

	@Test
	void restartWhenANewWorkerAcceptsTrafficAgainInTimeKeepsIt() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.restart();
		this.cluster.pass(Duration.ofMillis(4500));
		this.cluster.refuses(3);
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.ready(3);
		assertThat(this.cluster.handle(3).hasDeadline()).isFalse();
		this.cluster.pass(START_TIMEOUT);
		assertThat(this.cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.ids()).contains(3);
	}

	/**
	 * A trial ends with the restart: whoever refuses traffic from then on may do so for
	 * as long as it likes.
	 */
	@Test
	void restartWhenItCompletesEndsTheTrialOfAWorkerThatRefusesTraffic() {
		VirtualCluster one = VirtualSettings.workers(1).cluster().startWell();
		one.worker(1).deaf();
		one.restart();
		one.pass(Duration.ofMillis(1500));
		one.refuses(2);
		assertThat(one.handle(2).hasDeadline()).isTrue();
		one.exits(1, 0);
		assertThat(one.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		one.pass(START_TIMEOUT.multipliedBy(2));
		assertThat(one.state(2)).isEqualTo(WorkerState.OUT_OF_SERVICE);
		assertThat(one.worker(2).isKilled()).isFalse();
	}

	private void assertRolledBackTo(Integer... ids) {
		ClusterView view = this.cluster.view();
		assertThat(this.cluster.ids()).containsExactly(ids);
		assertThat(view.state()).isEqualTo(ClusterState.RUNNING);
		assertThat(view.generation()).isOne();
		assertThat(view.lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
	}

}
