package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for workers that the {@link Recycler} has replaced.
 */
class RecyclingTests {

	private static final Duration START = Duration.ofSeconds(3).plus(Readiness.TIME_TO_SETTLE);

	@Test
	void recycleWhenAWorkerHasServedEnoughReplacesItFirst() {
		VirtualCluster cluster = recycling(2, 1000, Duration.ZERO, 0);
		long limit = (long) (cluster.handle(1).replacement().jitter() * 1000);
		assertThat(limit).isBetween(900L, 1100L);
		cluster.worker(1).hasServed(limit);
		cluster.pass(Duration.ofSeconds(5));
		assertThat(cluster.ids()).containsExactly(1, 2);
		cluster.worker(1).hasServed(limit + 1);
		cluster.pass(Recycler.INTERVAL);
		assertThat(cluster.ids()).containsExactly(1, 2, 3);
		cluster.pass(START);
		assertThat(cluster.ids()).containsExactly(2, 3);
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.MAX_REQUESTS);
		assertThat(cluster.leastReady()).isEqualTo(2);
		assertThat(cluster.mostAlive()).isEqualTo(3);
		assertThat(cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 0));
		assertThat(cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void recycleWhenAWorkerIsOldReplacesIt() {
		Duration lifetime = Duration.ofHours(1);
		VirtualCluster cluster = recycling(1, 0, lifetime, 0);
		Duration limit = Duration.ofNanos((long) (cluster.handle(1).replacement().jitter() * lifetime.toNanos()));
		assertThat(limit).isBetween(Duration.ofMinutes(54), Duration.ofMinutes(66));
		cluster.pass(Duration.ofMinutes(66).plus(START));
		Duration replaced = cluster.times(ClusterEventType.WORKER_STARTED).get(1);
		assertThat(replaced).isBetween(limit, limit.plus(Recycler.INTERVAL));
		assertThat(cluster.exitReasons()).startsWith(ExitReason.MAX_LIFETIME);
		assertThat(cluster.leastReady()).isOne();
	}

	@Test
	void recycleWhenAWorkerIsLargeReplacesIt() {
		VirtualCluster cluster = recycling(2, 0, Duration.ZERO, 1 << 30);
		cluster.worker(2).uses(1 << 30);
		cluster.pass(Duration.ofSeconds(5));
		assertThat(cluster.ids()).containsExactly(1, 2);
		cluster.worker(2).uses((1 << 30) + 1);
		cluster.pass(Recycler.INTERVAL.plus(START));
		assertThat(cluster.ids()).containsExactly(1, 3);
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.MAX_MEMORY);
	}

	@Test
	void recycleWhenThereIsNoLimitReplacesNone() {
		VirtualCluster cluster = recycling(1, 0, Duration.ZERO, 0);
		cluster.worker(1).hasServed(1_000_000);
		cluster.worker(1).uses(Long.MAX_VALUE);
		cluster.pass(Duration.ofHours(1));
		assertThat(cluster.ids()).containsExactly(1);
	}

	@Test
	void recycleWhenAllExceedTheirLimitsReplacesOneAtATime() {
		VirtualCluster cluster = recycling(3, 0, Duration.ZERO, 1000);
		for (int id = 1; id <= 3; id++) {
			cluster.worker(id).uses(1001);
		}
		cluster.pass(Recycler.INTERVAL);
		assertThat(cluster.ids()).containsExactly(1, 2, 3, 4);
		cluster.pass(START);
		assertThat(cluster.ids()).containsExactly(2, 3, 4, 5);
		cluster.pass(START.multipliedBy(2));
		assertThat(cluster.ids()).containsExactly(4, 5, 6);
		assertThat(cluster.exitReasons()).hasSize(3).containsOnly(ExitReason.MAX_MEMORY);
		assertThat(cluster.leastReady()).isEqualTo(3);
		assertThat(cluster.mostAlive()).isEqualTo(4);
	}

	/**
	 * A worker that serves on until its replacement is there exceeds its limit for long.
	 */
	@Test
	void recycleWhenItIsDueAlreadyIsNotDueAnew() {
		VirtualCluster cluster = recycling(1, 10, Duration.ZERO, 1000);
		cluster.worker(1).uses(1001);
		cluster.pass(Recycler.INTERVAL);
		cluster.worker(1).hasServed(100);
		cluster.pass(START);
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.MAX_MEMORY);
	}

	@Test
	void recycleWhenAWorkerHasNotBeenReadyLetsItStart() {
		VirtualCluster cluster = VirtualSettings.workers(1)
			.recycling(new MasterSettings.Recycling(0, Duration.ZERO, 1000))
			.cluster()
			.start();
		cluster.worker(1).uses(5000);
		cluster.pass(Duration.ofSeconds(60));
		assertThat(cluster.starter().requests()).isOne();
	}

	@Test
	void recycleWhenTheReplacementDoesNotStartTriesAgainWithGrowingDelays() {
		VirtualCluster cluster = recycling(1, 0, Duration.ZERO, 1000);
		cluster.workersExitAfter(Duration.ofSeconds(1), 1);
		cluster.worker(1).uses(1001);
		Duration begin = cluster.time().plus(Recycler.INTERVAL);
		cluster.pass(Duration.ofMillis(8000));
		assertThat(cluster.times(ClusterEventType.WORKER_STARTED).subList(1, 6)).containsExactly(begin,
				begin.plusMillis(1100), begin.plusMillis(2300), begin.plusMillis(3700), begin.plusMillis(5500));
		assertThat(cluster.ids()).contains(1);
		assertThat(cluster.leastReady()).isOne();
		cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		cluster.pass(Duration.ofSeconds(60));
		assertThat(cluster.ids()).hasSize(1).doesNotContain(1);
	}

	@Test
	void recycleWhenTheClusterShrinksMeanwhileScalesItDown() {
		VirtualCluster cluster = recycling(2, 0, Duration.ZERO, 1000);
		cluster.worker(1).uses(1001);
		cluster.pass(Recycler.INTERVAL);
		cluster.resize(1);
		assertThat(cluster.ids()).containsExactly(2);
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.SCALE_DOWN, ExitReason.SCALE_DOWN);
	}

	@Test
	void recycleDuringARollingRestartReplacesEachOnce() {
		VirtualCluster cluster = recycling(2, 0, Duration.ZERO, 1000);
		cluster.restart();
		cluster.pass(Duration.ofSeconds(1));
		cluster.worker(2).uses(1001);
		cluster.pass(START.multipliedBy(3));
		assertThat(cluster.ids()).containsExactly(3, 4);
		assertThat(cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.RESTART, ExitReason.MAX_MEMORY);
		assertThat(cluster.leastReady()).isEqualTo(2);
	}

	@Test
	void recycleWhenAWorkerHangsLeavesItToTheHeartMonitor() {
		VirtualCluster cluster = recycling(2, 0, Duration.ZERO, 1000);
		cluster.worker(2).silent(true);
		cluster.pass(Duration.ofMillis(30_250));
		cluster.worker(2).uses(1001);
		cluster.pass(Duration.ofSeconds(10));
		assertThat(cluster.exitReasons()).containsExactly(ExitReason.HUNG);
		assertThat(cluster.ids()).containsExactly(1, 3);
	}

	private static VirtualCluster recycling(int workers, long requests, Duration lifetime, long memory) {
		VirtualCluster cluster = VirtualSettings.workers(workers)
			.recycling(new MasterSettings.Recycling(requests, lifetime, memory))
			.cluster()
			.startWell();
		cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		cluster.watch();
		return cluster;
	}

}
