package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for changes of the {@link ClusterSize} while the cluster runs.
 */
class ResizeTests {

	private final VirtualCluster cluster = VirtualSettings.workers(3).cluster().startWell();

	@Test
	void resizeWhenMoreAreWantedStartsThemAtTheLowestFreeIndexes() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.resize(5);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.DEGRADED);
		assertThat(indexes()).containsExactly(0, 1, 2, 3, 4);
		this.cluster.pass(Duration.ofSeconds(3));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(this.cluster.view().size()).isEqualTo(new ClusterView.Size(5, 5));
	}

	@Test
	void resizeWhenFewerAreWantedDrainsThoseWithTheHighestIndexes() {
		this.cluster.resize(1);
		assertThat(this.cluster.ids()).containsExactly(1);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.SCALE_DOWN, ExitReason.SCALE_DOWN);
		assertThat(this.cluster.worker(2).isToHandBack()).isTrue();
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(0, 0));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(this.cluster.view().size()).isEqualTo(new ClusterView.Size(1, 1));
	}

	@Test
	void resizeIsToldIfItChangesAnything() {
		this.cluster.resize(4);
		this.cluster.resize(4);
		this.cluster.resize(1);
		this.cluster.resize(0);
		this.cluster.resize(-1);
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_RESIZED)).extracting(ClusterEvent::message)
			.containsExactly("TTIN: the cluster is resized from 3 to 4 workers",
					"TTIN: the cluster is resized from 4 to 1 worker");
		assertThat(this.cluster.supervision().size()).isOne();
		assertThat(this.cluster.ids()).containsExactly(1);
	}

	@Test
	void resizeWhenTooManyAreWantedHasAsManyAsThereCanBe() {
		this.cluster.starter().hold();
		this.cluster.resize(Cluster.MAX_WORKERS + 1);
		assertThat(this.cluster.supervision().size()).isEqualTo(Cluster.MAX_WORKERS);
	}

	@Test
	void resizeWhenFewerAreWantedBeginsWithOneThatDoesNotServe() {
		this.cluster.refuses(1);
		this.cluster.resize(2);
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		this.cluster.resize(1);
		assertThat(this.cluster.ids()).containsExactly(2);
	}

	@Test
	void resizeWhenFewerAreWantedBeginsWithOneThatIsToBeReplaced() {
		this.cluster.workersAreReadyAfter(Duration.ofSeconds(3));
		this.cluster.replace(1);
		this.cluster.resize(2);
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.SCALE_DOWN, ExitReason.SCALE_DOWN);
		assertThat(this.cluster.worker(4).isTerminated()).isTrue();
	}

	@Test
	void resizeWhenWorkersAreStartingTerminatesThoseThatAreTooMany() {
		VirtualCluster starting = VirtualSettings.workers(3).cluster().start();
		starting.resize(1);
		assertThat(starting.ids()).containsExactly(1);
		assertThat(starting.exitReasons()).containsExactly(ExitReason.SCALE_DOWN, ExitReason.SCALE_DOWN);
		assertThat(starting.worker(2).isTerminated()).isTrue();
		assertThat(starting.worker(2).isAskedToDrain()).isFalse();
		assertThat(starting.view().state()).isEqualTo(ClusterState.STARTING);
		starting.ready(1);
		assertThat(starting.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void resizeWhenStartsAreHeldUpEndsWhatIsStartedInTheEnd() {
		VirtualCluster starting = VirtualSettings.workers(3).cluster();
		starting.starter().hold();
		starting.start();
		starting.resize(1);
		assertThat(starting.supervision().workers().beingStarted()).isEqualTo(3);
		starting.starter().release();
		starting.pass(Duration.ZERO);
		assertThat(starting.ids()).containsExactly(1);
		assertThat(starting.starter().requests()).isEqualTo(3);
	}

	/**
	 * A worker that drains holds its index, and one that has not been ready its place.
	 */
	@Test
	void resizeWhenItIsTakenBackStartsAnotherBesideTheOneThatDrains() {
		this.cluster.worker(3).deaf();
		this.cluster.resize(2);
		assertThat(this.cluster.state(3)).isEqualTo(WorkerState.DRAINING);
		this.cluster.resize(3);
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3, 4);
		assertThat(indexes()).containsExactly(0, 1, 2, 3);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		this.cluster.exits(3, 0);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 4);
	}

	@Test
	void resizeWhenADelayKeepsAnIndexEmptyLeavesItEmpty() {
		this.cluster.exits(3, 137);
		this.cluster.resize(2);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		assertThat(this.cluster.starter().requests()).isEqualTo(3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED);
	}

	@Test
	void resizeWhenMoreAreWantedDuringADelayStartsAtTheOthers() {
		this.cluster.exits(1, 137);
		this.cluster.resize(4);
		assertThat(this.cluster.ids()).containsExactly(2, 3, 4);
		assertThat(this.cluster.worker(4).identity().index()).isEqualTo(3);
		this.cluster.pass(Duration.ofMillis(100));
		assertThat(this.cluster.worker(5).identity().index()).isZero();
	}

	@Test
	void resizeWhenAWorkerHangsDoesWithoutIt() {
		this.cluster.worker(2).silent(true);
		this.cluster.pass(Duration.ofSeconds(29));
		this.cluster.resize(2);
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		this.cluster.pass(Duration.ofSeconds(4));
		assertThat(this.cluster.ids()).containsExactly(1, 4);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.SCALE_DOWN, ExitReason.HUNG);
	}

	@Test
	void resizeWhenAWorkerLeavesForFewerAndIsKilledIsNoRestart() {
		this.cluster.worker(3).deaf();
		this.cluster.resize(2);
		this.cluster.pass(Duration.ofSeconds(30));
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.DRAIN_TIMEOUT);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(0, 0));
	}

	@Test
	void resizeWhenTheClusterStopsDoesNothing() {
		this.cluster.shutDown();
		this.cluster.resize(5);
		assertThat(this.cluster.supervision().size()).isEqualTo(3);
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_RESIZED)).isEmpty();
	}

	private Iterable<Integer> indexes() {
		return this.cluster.view().workers().stream().map(ClusterView.Worker::index).toList();
	}

}
