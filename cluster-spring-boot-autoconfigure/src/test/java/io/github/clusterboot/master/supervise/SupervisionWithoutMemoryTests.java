package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Supervision} on an event loop that may take no task for a while, and
 * with steps that fail.
 */
class SupervisionWithoutMemoryTests {

	private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("Java heap space");

	private final VirtualCluster cluster = VirtualSettings.workers(1).cluster();

	@Test
	void startWhenTheStarterFailsLeavesTheIndexFree() {
		this.cluster.starter().refuse(NO_MEMORY);
		this.cluster.start();
		assertThat(this.cluster.supervision().workers().isIndexHeld(0)).isFalse();
		assertThat(this.cluster.supervision().workers().beingStarted()).isZero();
		this.cluster.starter().refuse(null);
		this.cluster.pass(Supervision.INTERVAL);
		assertThat(this.cluster.ids()).containsExactly(1);
	}

	@Test
	void lookWhenTheEndOfAStartCouldNotBeToldNotesIt() {
		this.cluster.starter().hold();
		this.cluster.start();
		this.cluster.refuseTasks(NO_MEMORY);
		this.cluster.starter().release();
		this.cluster.refuseTasks(null);
		assertThat(this.cluster.worker(1).isKilled()).isTrue();
		this.cluster.pass(Supervision.INTERVAL);
		assertThat(this.cluster.supervision().workers().beingStarted()).isZero();
		assertThat(this.cluster.events(ClusterEventType.WORKER_STARTED)).isNotEmpty();
		assertThat(this.cluster.ids()).doesNotContain(1);
	}

	@Test
	void lookWhenTheEndOfAStartIsToldAfterwardsNotesItOnce() {
		this.cluster.starter().hold();
		this.cluster.start();
		this.cluster.starter().release();
		this.cluster.look();
		this.cluster.pass(Duration.ZERO);
		assertThat(this.cluster.ids()).containsExactly(1);
		assertThat(this.cluster.events(ClusterEventType.WORKER_STARTED)).hasSize(1);
	}

	@Test
	void startWhenItsFailureCannotBeNotedIsTriedOnceASecond() {
		this.cluster.starter().failWith(new IOException("Exec failed") {

			@Override
			public String getMessage() {
				throw NO_MEMORY;
			}

		});
		this.cluster.start();
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.starter().requests()).isBetween(5, 11);
	}

	@Test
	void exitWhenItsConsequencesCannotBeDrawnIsFollowedByAStartOnceASecond() {
		this.cluster.starter().onStart((worker) -> {
			worker.dumb();
			worker.exits(1);
		});
		this.cluster.start();
		this.cluster.pass(Duration.ofSeconds(10));
		assertThat(this.cluster.starter().started()).hasSizeBetween(5, 11);
	}

	@Test
	void startWhenTheEventCannotBeNotedStillLimitsTheStart() {
		this.cluster.failEventsWith(NO_MEMORY);
		this.cluster.start();
		this.cluster.failEventsWith(null);
		assertThat(this.cluster.ids()).containsExactly(1);
		assertThat(this.cluster.handle(1).hasDeadline()).isTrue();
	}

	@Test
	void exitWhenItCouldNotBeToldIsNotedOnce() {
		this.cluster.start();
		this.cluster.refuseTasks(NO_MEMORY);
		this.cluster.worker(1).exits(137);
		this.cluster.refuseTasks(null);
		assertThat(this.cluster.ids()).containsExactly(1);
		this.cluster.pass(Supervision.INTERVAL.multipliedBy(2));
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).hasSize(1);
		assertThat(this.cluster.starter().told()).containsOnlyOnce("exited 1 START_FAILED 137");
	}

	@Test
	void startWhenItCouldNotBeLimitedIsLimitedByTheNextLook() {
		VirtualCluster two = VirtualSettings.workers(2).startTimeout(Duration.ofSeconds(10)).cluster();
		two.start();
		two.ready(1);
		two.starter().hold();
		two.exits(2, 1);
		two.pass(Duration.ofSeconds(1));
		two.starter().release();
		two.runWithoutTimers(NO_MEMORY);
		assertThat(two.handle(3).hasDeadline()).isFalse();
		two.pass(Duration.ofSeconds(12));
		assertThat(two.worker(3).isKilled()).isTrue();
	}

	@Test
	void readinessWhenThereIsNoTimerSettlesByTheNextLook() {
		this.cluster.start();
		this.cluster.refuseTasks(NO_MEMORY);
		this.cluster.ready(1);
		this.cluster.refuseTasks(null);
		this.cluster.pass(Duration.ofSeconds(2));
		assertThat(this.cluster.handle(1).readiness().isSettled()).isTrue();
	}

	@Test
	void drainWhenThereIsNoTimerIsLimitedByTheNextLook() {
		this.cluster.start();
		this.cluster.worker(1).deaf();
		this.cluster.ready(1);
		this.cluster.refuseTasks(NO_MEMORY);
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), true);
		this.cluster.refuseTasks(null);
		this.cluster.pass(Duration.ofSeconds(70));
		assertThat(this.cluster.worker(1).isKilled()).isTrue();
	}

	/**
	 * One that has served all along tells nothing about starts.
	 */
	@Test
	void readinessWhenAWorkerAcceptsTrafficAgainDoesNotEndADiagnosis() {
		VirtualCluster two = VirtualSettings.workers(2).cluster().start();
		two.ready(1);
		two.starter().failWith(new IOException("Port 9090 is in use"));
		two.exits(2, 1);
		for (int i = 0; i < StartDiagnosis.FAILURES; i++) {
			two.pass(Duration.ofSeconds(10));
			two.refuses(1);
			two.ready(1);
			assertThat(two.state(1)).isEqualTo(WorkerState.READY);
		}
		assertThat(two.view().state()).isEqualTo(ClusterState.DEGRADED);
	}

}
