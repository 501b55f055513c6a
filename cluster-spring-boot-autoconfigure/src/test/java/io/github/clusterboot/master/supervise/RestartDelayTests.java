package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.loop.Durations;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the delays between an unexpected exit and the next start, as the
 * {@link ExitHandler} keeps them.
 */
class RestartDelayTests {

	/**
	 * Conformance row L9.
	 */
	@Test
	void startWhenOneWorkerAlwaysFailsComesAfterGrowingDelaysWhileOthersServe() {
		VirtualCluster cluster = VirtualSettings.workers(3).cluster();
		cluster.starter().onStart((worker) -> cluster.after(Duration.ofMillis(10), () -> {
			if (worker.identity().index() == 1) {
				worker.exits(3);
			}
			else {
				cluster.ready(worker.identity().id());
			}
		}));
		cluster.start();
		cluster.pass(Duration.ofMinutes(5));
		assertThat(delaysAt(cluster, 1)).startsWith(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12_800L, 25_600L,
				30_000L, 30_000L);
		assertThat(cluster.events(ClusterEventType.WORKER_EXITED)).hasSizeGreaterThan(12).allSatisfy((event) -> {
			assertThat(event.worker().index()).isOne();
			assertThat(event.reason()).isEqualTo(ExitReason.START_FAILED);
			assertThat(event.exitCode()).isEqualTo(3);
		});
		assertThat(cluster.state(1)).isEqualTo(WorkerState.READY);
		assertThat(cluster.state(3)).isEqualTo(WorkerState.READY);
		assertThat(cluster.view().size().ready()).isEqualTo(2);
		assertThat(cluster.view().restarts().unexpected()).isGreaterThan(12);
	}

	/**
	 * Return the delays at an index in milliseconds, as they were, and check that they
	 * were told.
	 */
	private static List<Long> delaysAt(VirtualCluster cluster, int index) {
		List<Long> delays = new ArrayList<>();
		ClusterEvent exit = null;
		for (ClusterEvent event : cluster.events()) {
			if (event.worker() == null || event.worker().index() != index) {
				continue;
			}
			if (event.type() == ClusterEventType.WORKER_EXITED) {
				exit = event;
			}
			else if (event.type() == ClusterEventType.WORKER_STARTED && exit != null) {
				delays.add(Duration.between(exit.timestamp(), event.timestamp()).toMillis());
				assertThat(scheduledAfter(cluster, exit).message())
					.endsWith("is started in " + Durations.format(Duration.ofMillis(delays.get(delays.size() - 1))));
			}
		}
		return delays;
	}

	private static ClusterEvent scheduledAfter(VirtualCluster cluster, ClusterEvent exit) {
		return cluster.events(ClusterEventType.WORKER_RESTART_SCHEDULED)
			.stream()
			.filter((event) -> event.worker().equals(exit.worker()))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void startWhenTheWorkerBeforeWasReadyForLongEnoughComesAfterTheInitialDelay() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster().startWell();
		cluster.exits(1, 137);
		cluster.pass(Duration.ofSeconds(1));
		cluster.exits(2, 137);
		cluster.pass(Duration.ofMillis(200).plusSeconds(30).minusMillis(1));
		cluster.exits(3, 137);
		cluster.pass(Duration.ofMillis(400).plusSeconds(30));
		cluster.exits(4, 137);
		cluster.pass(Duration.ofSeconds(1));
		assertThat(delaysAt(cluster, 0)).containsExactly(100L, 200L, 400L, 100L);
	}

	@Test
	void startWhenAWorkerAtAnotherIndexHasFailedHasADelayOfItsOwn() {
		VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();
		cluster.exits(1, 137);
		cluster.pass(Duration.ofSeconds(1));
		cluster.exits(3, 137);
		cluster.exits(2, 137);
		cluster.pass(Duration.ofMillis(100));
		assertThat(cluster.ids()).containsExactly(4);
		assertThat(cluster.worker(4).identity().index()).isOne();
		cluster.pass(Duration.ofMillis(100));
		assertThat(cluster.ids()).containsExactly(4, 5);
	}

	@Test
	void startWhenItCannotBeMadeComesAfterGrowingDelays() {
		VirtualCluster cluster = VirtualSettings.workers(1).cluster().startWell();
		cluster.starter().failWith(new IOException("Exec failed"));
		cluster.exits(1, 137);
		cluster.pass(Duration.ofMillis(100));
		assertThat(cluster.starter().requests()).isEqualTo(2);
		cluster.pass(Duration.ofMillis(199));
		assertThat(cluster.starter().requests()).isEqualTo(2);
		cluster.pass(Duration.ofMillis(1));
		assertThat(cluster.starter().requests()).isEqualTo(3);
		cluster.pass(Duration.ofMillis(400));
		assertThat(cluster.starter().requests()).isEqualTo(4);
		assertThat(cluster.exitCode()).isNull();
	}

	/**
	 * What has been asked to end is nobody's failure.
	 */
	@Test
	void startWhenTheWorkerBeforeWasAskedToEndHasNoDelay() {
		VirtualCluster cluster = VirtualSettings.workers(1)
			.restart(new MasterSettings.Restart(Duration.ofSeconds(60), 1, Duration.ofSeconds(60),
					Duration.ofSeconds(60)))
			.cluster()
			.startWell();
		cluster.supervision().drainsOnItsOwn(cluster.handle(1), true);
		cluster.pass(Duration.ZERO);
		assertThat(cluster.ids()).containsExactly(2);
		cluster.exits(2, 143);
		assertThat(cluster.ids()).containsExactly(3);
	}

}
