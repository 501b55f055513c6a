package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ReadinessHandler}.
 */
class ReadinessHandlerTests {

	private static final Duration TIME_TO_LEAVE = Duration.ofMillis(100);

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	@Test
	void changedWhenTheWorkerIsReadyForTheFirstTimeTellsHowLongItTook() {
		VirtualCluster starting = VirtualSettings.workers(1).cluster();
		starting.workersAreReadyAfter(Duration.ofMillis(2345));
		starting.start();
		starting.pass(Duration.ofSeconds(5));
		assertThat(starting.events(ClusterEventType.WORKER_READY)).extracting(ClusterEvent::message)
			.containsExactly("worker 1 (pid 1001) is ready after 2.3 s");
		ClusterView.Worker view = starting.view().workers().get(0);
		assertThat(Duration.between(view.startTime(), view.readyTime())).hasMillis(2345);
		assertThat(starting.starter().told()).contains("ready 1");
		assertThat(starting.worker(1).isOutputHeldBack()).isFalse();
		verify(starting.listeners(), atLeastOnce()).resume();
		verify(starting.listeners()).reportUnserved();
	}

	@Test
	void changedWhenTheWorkerRefusesTrafficTakesItOutOfService() {
		this.cluster.refuses(2);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.OUT_OF_SERVICE);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.DEGRADED);
		assertThat(this.cluster.view().size()).isEqualTo(new ClusterView.Size(2, 1));
		verify(this.cluster.listeners()).takeBack(this.cluster.handle(2));
		this.cluster.pass(TIME_TO_LEAVE.minusMillis(1));
		assertThat(this.cluster.events(ClusterEventType.WORKER_OUT_OF_SERVICE)).isEmpty();
		this.cluster.pass(Duration.ofMillis(1));
		assertThat(this.cluster.events(ClusterEventType.WORKER_OUT_OF_SERVICE)).singleElement()
			.satisfies((event) -> assertThat(event.message()).isEqualTo("worker 2 (pid 1002) refuses traffic"));
		this.cluster.pass(Duration.ofHours(1));
		assertThat(this.cluster.ids()).containsExactly(1, 2);
		assertThat(this.cluster.handle(2).hasDeadline()).isFalse();
	}

	@Test
	void changedWhenTheWorkerAcceptsTrafficAgainPutsItIntoService() {
		this.cluster.refuses(2);
		this.cluster.pass(Duration.ofSeconds(10));
		clearInvocations(this.cluster.listeners());
		this.cluster.ready(2);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.READY);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		verify(this.cluster.listeners()).resume();
		assertThat(this.cluster.typesOf(2)).endsWith(ClusterEventType.WORKER_READY,
				ClusterEventType.WORKER_OUT_OF_SERVICE, ClusterEventType.WORKER_READY);
		assertThat(this.cluster.events()).last()
			.satisfies((event) -> assertThat(event.message()).isEqualTo("worker 2 (pid 1002) accepts traffic again"));
		assertThat(this.cluster.starter().told()).containsOnlyOnce("ready 2");
		assertThat(this.cluster.completions()).isOne();
	}

	@Test
	void changedWhenTheWorkerAcceptsTrafficAgainAtOnceTellsBoth() {
		this.cluster.refuses(2);
		this.cluster.ready(2);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.typesOf(2)).endsWith(ClusterEventType.WORKER_READY,
				ClusterEventType.WORKER_OUT_OF_SERVICE, ClusterEventType.WORKER_READY);
		assertThat(this.cluster.events(ClusterEventType.WORKER_OUT_OF_SERVICE)).hasSize(1);
	}

	/**
	 * An application whose context closes refuses traffic first.
	 */
	@Test
	void changedWhenTheWorkerRefusesTrafficAndLeavesTellsThatItDrains() {
		this.cluster.refuses(2);
		this.cluster.pass(TIME_TO_LEAVE.minusMillis(1));
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(2), false);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.events(ClusterEventType.WORKER_OUT_OF_SERVICE)).isEmpty();
		assertThat(this.cluster.typesOf(2)).endsWith(ClusterEventType.WORKER_READY, ClusterEventType.WORKER_DRAINING);
	}

	@Test
	void changedWhenNothingHasChangedDoesNothing() {
		int before = this.cluster.events().size();
		this.cluster.ready(2);
		assertThat(this.cluster.events()).hasSize(before);
		this.cluster.refuses(2);
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.refuses(2);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.events()).hasSize(before + 1);
	}

	@Test
	void changedWhenTheWorkerHasBeenAskedToEndDoesNothing() {
		this.cluster.worker(2).deaf();
		this.cluster.resize(1);
		this.cluster.supervision().readinessChanged(this.cluster.handle(2), false);
		this.cluster.supervision().readinessChanged(this.cluster.handle(2), true);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.view().size()).isEqualTo(new ClusterView.Size(1, 1));
	}

	/**
	 * It was killed because it was not ready in time, and is just dying.
	 */
	@Test
	void changedWhenTheWorkerHasBeenKilledDoesNothing() {
		this.cluster.afterStarts(Duration.ZERO, VirtualWorker::immortal);
		this.cluster.resize(3);
		this.cluster.pass(Duration.ofSeconds(120));
		assertThat(this.cluster.worker(3).isKilled()).isTrue();
		this.cluster.ready(3);
		assertThat(this.cluster.state(3)).isEqualTo(WorkerState.STARTING);
		this.cluster.exits(3, 137);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_TIMEOUT);
	}

	/**
	 * Others rely on a worker when it has been ready without a break.
	 */
	@Test
	void changedWhenReadinessIsBrokenSettlesLater() {
		this.cluster.starter().onStart((worker) -> {
		});
		this.cluster.resize(3);
		this.cluster.ready(3);
		this.cluster.pass(Duration.ofMillis(600));
		this.cluster.refuses(3);
		this.cluster.ready(3);
		this.cluster.pass(Duration.ofMillis(999));
		assertThat(this.cluster.handle(3).readiness().isSettled()).isFalse();
		assertThat(this.cluster.handle(3).hasDeadline()).isTrue();
		this.cluster.pass(Duration.ofMillis(1));
		assertThat(this.cluster.handle(3).readiness().isSettled()).isTrue();
		assertThat(this.cluster.handle(3).isReliable()).isTrue();
		assertThat(this.cluster.handle(3).hasDeadline()).isFalse();
	}

	@Test
	void changedWhenTheWorkerRefusesTrafficBeforeItSettlesDoesNotSettle() {
		this.cluster.starter().onStart((worker) -> {
		});
		this.cluster.resize(3);
		this.cluster.ready(3);
		this.cluster.pass(Duration.ofMillis(999));
		this.cluster.refuses(3);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.handle(3).readiness().isSettled()).isFalse();
		assertThat(this.cluster.handle(3).isReliable()).isFalse();
		this.cluster.pass(Duration.ofSeconds(120));
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_TIMEOUT);
	}

	@Test
	void changedWhenTheClusterStopsStillTakesBackConnections() {
		this.cluster.worker(2).deaf();
		this.cluster.supervision().shutDown(143, "TERM");
		this.cluster.refuses(2);
		verify(this.cluster.listeners()).takeBack(this.cluster.handle(2));
		verify(this.cluster.listeners(), never()).takeBack(this.cluster.handle(1));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.STOPPING);
	}

}
