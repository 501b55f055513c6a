package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Scoreboard;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

/**
 * Tests for workers that hang, as the {@link HeartMonitor} finds them.
 */
class HangTests {

	private static final Duration A_MOMENT = Duration.ofMillis(1);

	/**
	 * The heartbeat time-out, and the interval by which a beat may have been missed.
	 */
	private static final Duration TIMEOUT = Duration.ofSeconds(30).plus(Scoreboard.HEARTBEAT_INTERVAL);

	private static final Duration TIME_TO_DUMP = Duration.ofSeconds(1);

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	@Test
	void hangWhenAWorkerIsSilentReplacesItAtOnceAndKillsItAfterItsThreadDump() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT.minus(A_MOMENT));
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.READY);
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.OUT_OF_SERVICE);
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		assertThat(this.cluster.starter().told()).contains("dump 2");
		verify(this.cluster.listeners()).takeBack(this.cluster.handle(2));
		assertThat(this.cluster.events(ClusterEventType.WORKER_OUT_OF_SERVICE)).singleElement().satisfies((event) -> {
			assertThat(event.worker().id()).isEqualTo(2);
			assertThat(event.message()).isEqualTo("worker 2 (pid 1002) has been silent for 30.0 s: "
					+ "it is asked for a thread dump and then killed");
		});
		this.cluster.pass(TIME_TO_DUMP.minus(A_MOMENT));
		assertThat(this.cluster.worker(2).isKilled()).isFalse();
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.worker(2).isKilled()).isTrue();
		assertThat(this.cluster.ids()).containsExactly(1, 3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.HUNG);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 1));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void hangWhenAWorkerBeatsInTimeDoesNothing() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT.minus(A_MOMENT));
		this.cluster.worker(2).beats();
		this.cluster.pass(TIMEOUT.minus(Duration.ofSeconds(1)));
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.READY);
	}

	/**
	 * Its replacement is there, and what waited for it has gone to others.
	 */
	@Test
	void hangWhenTheWorkerRunsAgainBeforeItIsKilledKillsItAllTheSame() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT);
		this.cluster.worker(2).silent(false);
		this.cluster.supervision().readinessChanged(this.cluster.handle(2), false);
		this.cluster.supervision().readinessChanged(this.cluster.handle(2), true);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.OUT_OF_SERVICE);
		this.cluster.pass(TIME_TO_DUMP);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.HUNG);
		assertThat(this.cluster.events(ClusterEventType.WORKER_OUT_OF_SERVICE)).hasSize(1);
	}

	@Test
	void hangWhenAllWorkersHangReplacesAllOfThem() {
		this.cluster.worker(1).silent(true);
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT);
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3, 4);
		this.cluster.pass(TIME_TO_DUMP);
		assertThat(this.cluster.ids()).containsExactly(3, 4);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	/**
	 * A JVM that has not got so far as to beat is limited by the time of its start.
	 */
	@Test
	void hangWhenTheHeartHasNotBegunToBeatWaits() {
		this.cluster.starter().onStart((worker) -> worker.silent(true));
		this.cluster.resize(3);
		this.cluster.pass(TIMEOUT.multipliedBy(2));
		assertThat(this.cluster.state(3)).isEqualTo(WorkerState.STARTING);
		assertThat(this.cluster.worker(3).isKilled()).isFalse();
	}

	@Test
	void hangWhenAWorkerStartsIsAFailedStart() {
		VirtualCluster starting = VirtualSettings.workers(1).cluster();
		starting.afterStarts(Duration.ofSeconds(1), (worker) -> worker.silent(true));
		starting.start();
		starting.pass(Duration.ofSeconds(5 * 35));
		assertThat(starting.exitReasons()).hasSize(5).containsOnly(ExitReason.HUNG);
		assertThat(starting.exitCode()).isEqualTo(70);
	}

	@Test
	void hangWhenAWorkerDrainsDoesNotWaitForItsDrainTimeout() {
		this.cluster.worker(2).deaf();
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT.minusSeconds(10));
		this.cluster.resize(1);
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.DRAINING);
		this.cluster.pass(TIME_TO_DUMP);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.HUNG);
		assertThat(this.cluster.ids()).containsExactly(1);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(0, 0));
	}

	@Test
	void hangWhenItsChannelEndsIsNotADrain() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT);
		this.cluster.worker(2).immortal();
		this.cluster.supervision().disconnected(this.cluster.handle(2), this.cluster.worker(2));
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.OUT_OF_SERVICE);
		assertThat(this.cluster.events(ClusterEventType.WORKER_DRAINING)).isEmpty();
	}

	@Test
	void hangWhenTheTimeForTheDumpCannotBeMeasuredKillsAtOnce() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT.minus(A_MOMENT));
		this.cluster.refuseTasks(new OutOfMemoryError("Java heap space"));
		this.cluster.worker(2).immortal();
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.worker(2).isKilled()).isTrue();
		this.cluster.refuseTasks(null);
		this.cluster.exits(2, 137);
		this.cluster.pass(Duration.ofSeconds(2));
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.HUNG);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	/**
	 * Asked for a dump once, though its process does not end.
	 */
	@Test
	void hangWhenTheProcessCannotBeKilledIsToldOnce() {
		this.cluster.worker(2).immortal();
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT.multipliedBy(3));
		assertThat(this.cluster.starter().told()).containsOnlyOnce("dump 2");
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		assertThat(this.cluster.events(ClusterEventType.WORKER_OUT_OF_SERVICE)).hasSize(1);
	}

	@Test
	void hangWhenTheWorkerHasBeenKilledAnywayIsNotTold() {
		this.cluster.worker(2).immortal();
		this.cluster.resize(1);
		this.cluster.pass(Duration.ofSeconds(30));
		assertThat(this.cluster.worker(2).isKilled()).isTrue();
		this.cluster.worker(2).silent(true);
		this.cluster.pass(TIMEOUT.multipliedBy(2));
		assertThat(this.cluster.starter().told()).doesNotContain("dump 2");
		this.cluster.exits(2, 137);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.DRAIN_TIMEOUT);
	}

	/**
	 * A stopped process group, or a suspended machine.
	 */
	@Test
	void hangWhenTheWholeClusterWasStoppedKillsNobody() {
		this.cluster.standStill(Duration.ofHours(1));
		this.cluster.pass(Duration.ofMinutes(5));
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).isEmpty();
		assertThat(this.cluster.starter().told()).doesNotContain("dump 1", "dump 2");
	}

	@Test
	void hangWhenTheMasterWasStoppedCountsOnlyTheTimeInWhichItRan() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(Duration.ofSeconds(10));
		this.cluster.standStill(Duration.ofMinutes(10));
		this.cluster.pass(Duration.ofSeconds(19));
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.READY);
		this.cluster.pass(Duration.ofMillis(1250));
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.OUT_OF_SERVICE);
	}

	@Test
	void hangWhenTheOnlyWorkerHangsStartsAnotherBesideIt() {
		VirtualCluster one = VirtualSettings.workers(1).cluster().startWell();
		one.worker(1).silent(true);
		one.pass(TIMEOUT);
		assertThat(one.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(one.view().workers()).extracting(ClusterView.Worker::index).containsExactly(0, 1);
	}

	@Test
	void hangWhenReplacementsHangTooGoesOn() {
		this.cluster.worker(1).silent(true);
		this.cluster.starter().onStart((worker) -> this.cluster.after(Duration.ofSeconds(2), () -> {
			this.cluster.ready(worker.identity().id());
			worker.silent(true);
		}));
		this.cluster.pass(Duration.ofMinutes(10));
		assertThat(this.cluster.exitReasons()).hasSizeBetween(15, 20).containsOnly(ExitReason.HUNG);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.READY);
		assertThat(this.cluster.exitCode()).isNull();
	}

}
