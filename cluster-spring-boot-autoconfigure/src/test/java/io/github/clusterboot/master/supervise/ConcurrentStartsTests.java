package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConcurrentStarts}, with workers that share one processor while they
 * start.
 */
class ConcurrentStartsTests {

	private static final Duration STEP = Duration.ofMillis(250);

	private final Map<Integer, Duration> work = new HashMap<>();

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

	@Test
	void startWhenTheOneBeforeWaitsForSomethingDoesNotWaitForIt() {
		VirtualCluster cluster = VirtualSettings.workers(3).concurrentStarts(1).cluster().start();
		assertThat(cluster.ids()).containsExactly(1);
		cluster.pass(ConcurrentStarts.SHORTEST_TURN.plusSeconds(1));
		assertThat(cluster.ids()).containsExactly(1, 2);
		cluster.ready(2);
		cluster.pass(Duration.ZERO);
		assertThat(cluster.ids()).containsExactly(1, 2, 3);
		List<ClusterEvent> starts = cluster.events(ClusterEventType.WORKER_STARTED);
		assertThat(Duration.between(starts.get(0).timestamp(), starts.get(1).timestamp()))
			.isBetween(ConcurrentStarts.SHORTEST_TURN, ConcurrentStarts.SHORTEST_TURN.plusSeconds(1));
	}

	private void share(VirtualCluster cluster, Duration work, Duration time) {
		for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
			List<Integer> starting = cluster.ids().stream().filter((id) -> !cluster.handle(id).hasBeenReady()).toList();
			starting.forEach((id) -> this.work.merge(id, STEP.dividedBy(starting.size()), Duration::plus));
			starting.stream().filter((id) -> this.work.get(id).compareTo(work) >= 0).forEach(cluster::ready);
			cluster.pass(STEP);
		}
	}

}
