package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ExitReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterShutdown} of a cluster in the midst of something.
 */
class ShutdownDuringChangesTests {

	private final VirtualCluster cluster = VirtualSettings.workers(3).cluster().startWell();

	@ParameterizedTest
	@EnumSource
	void beginEndsEveryProcessAndStartsNoOther(Change change) {
		change.begin(this.cluster);
		int requests = this.cluster.starter().requests();
		this.cluster.supervision().shutDown(143, "TERM");
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.STOPPING);
		this.cluster.starter().release();
		this.cluster.pass(Duration.ofSeconds(62));
		assertStopped(requests);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@ParameterizedTest
	@EnumSource
	void nowEndsEveryProcessAtOnce(Change change) {
		change.begin(this.cluster);
		int requests = this.cluster.starter().requests();
		this.cluster.supervision().shutDownNow(143, "TERM");
		this.cluster.starter().release();
		this.cluster.pass(Duration.ZERO);
		assertStopped(requests);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	/**
	 * What is begun while the cluster stops has no effect.
	 */
	@ParameterizedTest
	@EnumSource
	void beginWhenTheChangeComesAfterwardsDoesNotHeedIt(Change change) {
		this.cluster.worker(1).deaf();
		this.cluster.worker(2).deaf();
		this.cluster.worker(3).deaf();
		this.cluster.supervision().shutDown(143, "TERM");
		int requests = this.cluster.starter().requests();
		change.begin(this.cluster);
		this.cluster.pass(Duration.ofSeconds(62));
		assertStopped(requests);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.view().generation()).isOne();
		assertThat(this.cluster.supervision().size()).isEqualTo(3);
	}

	private void assertStopped(int requests) {
		assertThat(this.cluster.ids()).isEmpty();
		assertThat(this.cluster.starter().started()).noneMatch(VirtualWorker::isAlive);
		assertThat(this.cluster.starter().requests()).isEqualTo(requests);
		assertThat(this.cluster.supervision().workers().isEmpty()).isTrue();
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_STOPPING)).hasSize(1);
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED))
			.hasSameSizeAs(this.cluster.events(ClusterEventType.WORKER_STARTED));
		this.cluster.pass(Duration.ofMinutes(5));
		assertThat(this.cluster.starter().requests()).isEqualTo(requests);
	}

	/**
	 * What a cluster may be in the midst of.
	 */
	enum Change {

		NOTHING((cluster) -> {
		}),

		ROLLING_RESTART((cluster) -> {
			cluster.workersAreReadyAfter(Duration.ofSeconds(10));
			cluster.restart();
			cluster.pass(Duration.ofSeconds(5));
		}),

		ROLLING_RESTART_WITH_A_SLOW_DRAIN((cluster) -> {
			cluster.worker(1).deaf();
			cluster.restart();
			cluster.pass(Duration.ofSeconds(5));
		}),

		FAILING_RESTART((cluster) -> {
			cluster.workersExitAfter(Duration.ofSeconds(1), 1);
			cluster.restart();
			cluster.pass(Duration.ofMillis(1050));
		}),

		HELD_UP_RESTART((cluster) -> {
			cluster.starter().hold();
			cluster.restart();
			cluster.pass(Duration.ofSeconds(5));
		}),

		REPLACEMENT_OF_ONE((cluster) -> {
			cluster.workersAreReadyAfter(Duration.ofSeconds(10));
			cluster.supervision().replace(cluster.supervision().workers().all().get(0), ExitReason.RESTART);
			cluster.pass(Duration.ofSeconds(5));
		}),

		GROWTH((cluster) -> {
			cluster.workersAreReadyAfter(Duration.ofSeconds(10));
			cluster.resize(5);
			cluster.pass(Duration.ofSeconds(5));
		}),

		GROWTH_WITH_DEAF_STARTS((cluster) -> {
			cluster.afterStarts(Duration.ZERO, VirtualWorker::deaf);
			cluster.resize(5);
			cluster.pass(Duration.ofSeconds(5));
		}),

		SHRINKAGE((cluster) -> {
			cluster.worker(3).deaf();
			cluster.resize(1);
			cluster.pass(Duration.ofSeconds(5));
		}),

		DELAY((cluster) -> cluster.exits(2, 137)),

		HANG((cluster) -> {
			cluster.worker(2).silent(true);
			cluster.pass(Duration.ofMillis(30_500));
		}),

		SILENCE((cluster) -> {
			cluster.worker(2).silent(true);
			cluster.worker(2).deaf();
			cluster.pass(Duration.ofSeconds(25));
		}),

		REFUSAL((cluster) -> {
			cluster.refuses(1);
			cluster.pass(Duration.ofSeconds(5));
		}),

		BROKEN_CHANNEL((cluster) -> {
			cluster.worker(1).deaf();
			cluster.supervision().disconnected(cluster.handle(1), cluster.worker(1));
			cluster.pass(Duration.ofMillis(500));
		}),

		TERMINATED_WORKER((cluster) -> {
			cluster.worker(1).deaf();
			cluster.supervision().drainsOnItsOwn(cluster.handle(1), true);
			cluster.pass(Duration.ofSeconds(1));
		}),

		LEAVING_APPLICATION((cluster) -> {
			cluster.worker(1).deaf();
			cluster.supervision().drainsOnItsOwn(cluster.handle(1), false);
			cluster.pass(Duration.ofSeconds(1));
		});

		private final Consumer<VirtualCluster> begin;

		Change(Consumer<VirtualCluster> begin) {
			this.begin = begin;
		}

		void begin(VirtualCluster cluster) {
			this.begin.accept(cluster);
		}

	}

}
