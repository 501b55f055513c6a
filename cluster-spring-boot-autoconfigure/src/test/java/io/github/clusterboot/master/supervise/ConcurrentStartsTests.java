package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ExitReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConcurrentStarts}.
 */
class ConcurrentStartsTests {

	private static final Duration START = Duration.ofSeconds(3);

	private static final Duration STEP = Duration.ofMillis(250);

	private final Map<Integer, Duration> work = new HashMap<>();

	@Test
	void startWhenOneMayStartAtATimeIsAtTheReadinessOfTheOneBefore() {
		VirtualCluster cluster = VirtualSettings.workers(3).concurrentStarts(1).cluster();
		cluster.workersAreReadyAfter(START);
		cluster.start();
		cluster.pass(Duration.ofSeconds(20));
		assertThat(cluster.times(ClusterEventType.WORKER_STARTED)).containsExactly(Duration.ZERO, START,
				START.multipliedBy(2));
		assertThat(cluster.completions()).isOne();
	}

	@Test
	void startWhenTwoMayStartAtATimeFillsUp() {
		VirtualCluster cluster = VirtualSettings.workers(5).concurrentStarts(2).cluster();
		cluster.workersAreReadyAfter(START);
		cluster.start();
		cluster.pass(Duration.ofSeconds(20));
		assertThat(cluster.times(ClusterEventType.WORKER_STARTED)).containsExactly(Duration.ZERO, Duration.ZERO, START,
				START, START.multipliedBy(2));
	}

	/**
	 * The turn of the second is twice as long, since the first slows it down.
	 */
	@Test
	void startWhenTheOneBeforeIsNotReadyForLongDoesNotWaitForIt() {
		VirtualCluster cluster = VirtualSettings.workers(3).concurrentStarts(1).cluster().start();
		cluster.pass(Duration.ofSeconds(60));
		assertThat(cluster.times(ClusterEventType.WORKER_STARTED)).containsExactly(Duration.ZERO,
				ConcurrentStarts.SHORTEST_TURN, ConcurrentStarts.SHORTEST_TURN.multipliedBy(3));
		assertThat(cluster.ids()).containsExactly(1, 2, 3);
	}

	@Test
	void startWhenTheOneBeforeFailsIsAtOnceAtAnotherIndex() {
		VirtualCluster cluster = VirtualSettings.workers(2).concurrentStarts(1).cluster().start();
		cluster.pass(Duration.ofSeconds(1));
		cluster.exits(1, 1);
		assertThat(cluster.ids()).containsExactly(2);
		assertThat(cluster.worker(2).identity().index()).isOne();
	}

	@Test
	void startWhenTheStartOfTheOneBeforeIsHeldUpWaits() {
		VirtualCluster cluster = VirtualSettings.workers(2).concurrentStarts(1).cluster();
		cluster.starter().hold();
		cluster.start();
		cluster.pass(Duration.ofMinutes(1));
		assertThat(cluster.starter().requests()).isOne();
		cluster.starter().release();
		cluster.pass(Duration.ZERO);
		cluster.ready(1);
		assertThat(cluster.starter().requests()).isEqualTo(2);
	}

	@Test
	void startWhenOneThatStartsIsAskedToEndDoesNotWaitForIt() {
		VirtualCluster cluster = VirtualSettings.workers(1).concurrentStarts(1).cluster().startWell();
		cluster.afterStarts(Duration.ZERO, VirtualWorker::deaf);
		cluster.resize(3);
		assertThat(cluster.ids()).containsExactly(1, 2);
		cluster.resize(1);
		assertThat(cluster.worker(2).isTerminated()).isTrue();
		cluster.resize(3);
		assertThat(cluster.ids()).containsExactly(1, 2, 3);
	}

	@Test
	void startWhenTheFirstIsAloneStartsTheOthersWhenItIsReady() {
		VirtualCluster cluster = VirtualSettings.workers(3).firstAlone().cluster().start();
		cluster.pass(ConcurrentStarts.SHORTEST_TURN.multipliedBy(6));
		assertThat(cluster.ids()).containsExactly(1);
		cluster.ready(1);
		cluster.pass(Duration.ZERO);
		assertThat(cluster.ids()).containsExactly(1, 2, 3);
	}

	@Test
	void startWhenTheFirstIsAloneAndFailsStartsOneAlone() {
		VirtualCluster cluster = VirtualSettings.workers(3).firstAlone().cluster().start();
		cluster.exits(1, 1);
		cluster.pass(Duration.ofSeconds(1));
		assertThat(cluster.ids()).containsExactly(2);
		assertThat(cluster.view().state()).isEqualTo(ClusterState.STARTING);
	}

	@Test
	void startWhenTheFirstWasAloneOnceStartsAllThatAreMissing() {
		VirtualCluster cluster = VirtualSettings.workers(3).firstAlone().cluster().startWell();
		for (int id = 1; id <= 3; id++) {
			cluster.exits(id, 137);
		}
		cluster.starter().onStart((worker) -> {
		});
		cluster.pass(Duration.ofMillis(100));
		assertThat(cluster.ids()).containsExactly(4, 5, 6);
	}

	@Test
	void startDuringARestartIsLimitedToo() {
		VirtualCluster cluster = VirtualSettings.workers(3).concurrentStarts(1).cluster().startWell();
		cluster.pass(Duration.ofSeconds(20));
		cluster.workersAreReadyAfter(START);
		cluster.restart();
		cluster.exits(1, 137);
		cluster.exits(2, 137);
		cluster.pass(START.minusMillis(1));
		assertThat(cluster.ids()).hasSize(2);
		cluster.pass(Duration.ofMinutes(1));
		assertThat(cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(cluster.view().workers()).hasSize(3).allMatch((worker) -> worker.generation() == 2);
	}

	/**
	 * Each start takes longer than the shortest turn.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 12, 17, 29 })
	void startWhenTheProcessorIsSlowDoesNotPileUpStarts(int seconds) {
		VirtualCluster cluster = VirtualSettings.workers(12)
			.firstAlone()
			.concurrentStarts(1)
			.startTimeout(Duration.ofSeconds(60))
			.cluster()
			.start();
		share(cluster, Duration.ofSeconds(seconds), Duration.ofSeconds(14 * seconds));
		assertThat(cluster.exitReasons()).doesNotContain(ExitReason.START_TIMEOUT);
		assertThat(cluster.view().size().ready()).isEqualTo(12);
	}

	/**
	 * Before any worker is ready none is killed, but all those that are started meanwhile
	 * have as long as that lasts to get too slow.
	 */
	@Test
	void startWhenTheFirstIsNotAloneDoesNotPileUpStarts() {
		VirtualCluster cluster = VirtualSettings.workers(12)
			.concurrentStarts(1)
			.startTimeout(Duration.ofSeconds(120))
			.cluster()
			.start();
		share(cluster, Duration.ofSeconds(25), Duration.ofSeconds(30 * 12));
		assertThat(cluster.exitReasons()).doesNotContain(ExitReason.START_TIMEOUT);
		assertThat(cluster.view().size().ready()).isEqualTo(12);
	}

	/**
	 * The machine has become ten times as slow since the first start.
	 */
	@Test
	void startWhenItHasTimedOutIsFollowedByOneAtATime() {
		VirtualCluster cluster = VirtualSettings.workers(6)
			.firstAlone()
			.concurrentStarts(1)
			.startTimeout(Duration.ofSeconds(60))
			.cluster()
			.start();
		cluster.pass(Duration.ofSeconds(5));
		cluster.ready(1);
		share(cluster, Duration.ofSeconds(50), Duration.ofMinutes(15));
		assertThat(cluster.exitReasons()).hasSizeLessThan(6);
		assertThat(cluster.view().size().ready()).isEqualTo(6);
	}

	/**
	 * Have workers share one processor while they start.
	 */
	private void share(VirtualCluster cluster, Duration work, Duration time) {
		for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
			List<Integer> starting = cluster.ids().stream().filter((id) -> !cluster.handle(id).hasBeenReady()).toList();
			starting.forEach((id) -> this.work.merge(id, STEP.dividedBy(starting.size()), Duration::plus));
			starting.stream().filter((id) -> this.work.get(id).compareTo(work) >= 0).forEach(cluster::ready);
			cluster.pass(STEP);
		}
	}

}
