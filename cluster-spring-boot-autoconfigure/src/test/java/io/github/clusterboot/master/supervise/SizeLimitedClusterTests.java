package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a cluster whose application can have only so many workers, as the
 * {@link SizeLimit} has it.
 */
class SizeLimitedClusterTests {

	private static final ClusterView.Limited ONE = new ClusterView.Limited(1, "the database is in memory");

	@Test
	void limitWhenTheFirstWorkerIsAloneKeepsToOne() {
		VirtualCluster cluster = limited(VirtualSettings.workers(4).automatic().firstAlone());
		assertThat(cluster.ids()).containsExactly(1);
		assertThat(cluster.view().size()).isEqualTo(new ClusterView.Size(1, 1));
		assertThat(cluster.view().limited()).isEqualTo(ONE);
		assertThat(cluster.events(ClusterEventType.CLUSTER_RESIZED)).extracting(ClusterEvent::message)
			.containsExactly(
					"worker 1 (pid 1001) cannot have others beside it: " + "the cluster is resized from 4 to 1 worker");
	}

	@Test
	void limitWhenOthersHaveBeenStartedEndsThem() {
		VirtualCluster cluster = VirtualSettings.workers(3).automatic().cluster().start();
		cluster.supervision().limit(cluster.handle(2), ONE);
		cluster.pass(Duration.ZERO);
		assertThat(cluster.ids()).containsExactly(1);
		assertThat(cluster.exitReasons()).containsOnly(ExitReason.SCALE_DOWN);
	}

	@Test
	void limitWhenANumberHasBeenChosenChangesNothing() {
		VirtualCluster cluster = VirtualSettings.workers(3).cluster().startWell();
		cluster.supervision().limit(cluster.handle(2), ONE);
		assertThat(cluster.view().size()).isEqualTo(new ClusterView.Size(3, 3));
		assertThat(cluster.view().limited()).isNull();
	}

	@Test
	void limitWhenTheClusterStopsChangesNothing() {
		VirtualCluster cluster = VirtualSettings.workers(3).automatic().cluster().startWell();
		cluster.worker(2).deaf();
		cluster.shutDown();
		cluster.supervision().limit(cluster.handle(2), ONE);
		assertThat(cluster.view().limited()).isNull();
	}

	@Test
	void resizeWhenThereIsALimitOverrulesIt() {
		VirtualCluster cluster = limited(VirtualSettings.workers(4).automatic().firstAlone());
		cluster.workersAreReadyAfter(Duration.ZERO);
		cluster.resize(2);
		cluster.pass(Duration.ofSeconds(5));
		assertThat(cluster.view().size()).isEqualTo(new ClusterView.Size(2, 2));
		assertThat(cluster.view().limited()).isNull();
	}

	/**
	 * A request that is out of range is not a choice.
	 */
	@Test
	void resizeWhenItIsOutOfRangeKeepsTheLimit() {
		VirtualCluster cluster = limited(VirtualSettings.workers(4).automatic().firstAlone());
		cluster.resize(0);
		assertThat(cluster.view().limited()).isEqualTo(ONE);
		assertThat(cluster.view().size()).isEqualTo(new ClusterView.Size(1, 1));
	}

	@Test
	void restartWhenTheNewGenerationHasNoLimitGrowsWhenItIsProven() {
		VirtualCluster cluster = limited(VirtualSettings.workers(3).automatic().firstAlone());
		cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		cluster.restart();
		cluster.pass(Duration.ofSeconds(3));
		assertThat(cluster.ids()).containsExactly(1, 2);
		cluster.pass(Duration.ofSeconds(1));
		assertThat(cluster.ids()).containsExactly(2, 3, 4);
		assertThat(cluster.view().limited()).isNull();
		assertThat(cluster.events(ClusterEventType.CLUSTER_RESIZED)).last()
			.satisfies((event) -> assertThat(event.message()).startsWith("Generation 2 can have more workers"));
	}

	@Test
	void restartWhenTheNewGenerationHasALimitShrinksWhenItIsProven() {
		VirtualCluster cluster = VirtualSettings.workers(2).automatic().cluster().startWell();
		limited(cluster);
		cluster.restart();
		cluster.pass(Duration.ofMillis(1500));
		assertThat(cluster.ids()).hasSize(3);
		assertThat(cluster.view().size().target()).isEqualTo(2);
		cluster.pass(Duration.ofSeconds(5));
		assertThat(cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(cluster.view().size()).isEqualTo(new ClusterView.Size(1, 1));
		assertThat(cluster.view().limited()).isEqualTo(ONE);
		assertThat(cluster.events(ClusterEventType.CLUSTER_RESIZED)).last()
			.satisfies((event) -> assertThat(event.message()).startsWith("Generation 2 can have fewer workers"));
	}

	@Test
	void restartWhenTheNewGenerationHasALimitAndIsRolledBackKeepsTheSize() {
		VirtualCluster cluster = VirtualSettings.workers(2).automatic().cluster().startWell();
		cluster.starter().onStart((worker) -> cluster.after(Duration.ofSeconds(1), () -> {
			cluster.supervision().limit(cluster.handle(worker.identity().id()), ONE);
			worker.exits(1);
		}));
		cluster.watch();
		cluster.restart();
		cluster.pass(Duration.ofSeconds(10));
		assertThat(cluster.view().lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
		assertThat(cluster.view().size()).isEqualTo(new ClusterView.Size(2, 2));
		assertThat(cluster.view().limited()).isNull();
		assertThat(cluster.leastReady()).isEqualTo(2);
	}

	/**
	 * No generation before has proven itself, so the first to be ready limits at once.
	 */
	@Test
	void restartWhenNoneWasEverReadyLimitsBeforeItIsProven() {
		VirtualCluster cluster = VirtualSettings.workers(4).automatic().firstAlone().cluster().start();
		limited(cluster);
		cluster.restart();
		cluster.pass(Duration.ofMillis(500));
		assertThat(cluster.view().limited()).isEqualTo(ONE);
		assertThat(cluster.ids()).containsExactly(2);
		cluster.pass(Duration.ofSeconds(5));
		assertThat(cluster.ids()).containsExactly(2);
		assertThat(cluster.view().lastRestart().state()).isEqualTo(RestartState.COMPLETED);
	}

	private static VirtualCluster limited(VirtualSettings settings) {
		VirtualCluster cluster = settings.cluster();
		limited(cluster);
		cluster.start();
		cluster.pass(Duration.ofSeconds(5));
		return cluster;
	}

	/**
	 * Each worker that is started from now on tells of its limit and then is ready.
	 */
	private static void limited(VirtualCluster cluster) {
		cluster.afterStarts(Duration.ZERO, (worker) -> {
			int id = worker.identity().id();
			cluster.supervision().limit(cluster.handle(id), ONE);
			cluster.ready(id);
		});
	}

}
