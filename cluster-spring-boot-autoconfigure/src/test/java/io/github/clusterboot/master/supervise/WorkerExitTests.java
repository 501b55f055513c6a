package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.verify;

/**
 * Tests for what the {@link ExitHandler} makes of the end of a worker that serves.
 */
class WorkerExitTests {

	private static final Duration DELAY = Duration.ofMillis(100);

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	/**
	 * Conformance rows L1 and L3.
	 */
	@Test
	void exitWhenTheWorkerIsKilledIsACrashAndEventsComeInOrderAndOnceEach() {
		this.cluster.supervision().listens(this.cluster.handle(2), 8080);
		this.cluster.supervision().listens(this.cluster.handle(2), 8081);
		this.cluster.exits(2, 137);
		this.cluster.pass(DELAY);
		assertOneCrash(137);
		List<ClusterEvent> events = this.cluster.events();
		assertThat(events).extracting(ClusterEvent::sequence)
			.isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
		assertThat(events).isSortedAccordingTo((a, b) -> a.timestamp().compareTo(b.timestamp()));
		assertThat(this.cluster.typesOf(2)).containsExactly(ClusterEventType.WORKER_STARTED,
				ClusterEventType.WORKER_ONLINE, ClusterEventType.WORKER_READY, ClusterEventType.WORKER_LISTENING,
				ClusterEventType.WORKER_EXITED, ClusterEventType.WORKER_RESTART_SCHEDULED);
		assertThat(this.cluster.typesOf(3)).containsExactly(ClusterEventType.WORKER_STARTED,
				ClusterEventType.WORKER_ONLINE, ClusterEventType.WORKER_READY);
		assertThat(this.cluster.starter().told()).contains("ready 2", "exited 2 CRASHED 137");
		verify(this.cluster.listeners()).remove(any());
	}

	/**
	 * Conformance row L2.
	 */
	@Test
	void exitWhenTheWorkerExitsByItselfIsACrashAndIsReplaced() {
		this.cluster.exits(2, 42);
		this.cluster.pass(DELAY);
		assertOneCrash(42);
	}

	/**
	 * Only an application that says that it leaves has chosen to.
	 */
	@Test
	void exitWithCodeZeroIsACrash() {
		this.cluster.exits(2, 0);
		this.cluster.pass(DELAY);
		assertOneCrash(0);
	}

	private void assertOneCrash(int exitCode) {
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).singleElement().satisfies((event) -> {
			assertThat(event.worker().id()).isEqualTo(2);
			assertThat(event.exitCode()).isEqualTo(exitCode);
			assertThat(event.reason()).isEqualTo(ExitReason.CRASHED);
		});
		assertThat(this.cluster.ids()).containsExactly(1, 3);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 1));
	}

	/**
	 * Conformance row L8.
	 */
	@Test
	void exitFreesTheIndexButNotTheId() {
		for (int id : List.of(2, 1, 3, 4)) {
			this.cluster.exits(id, 137);
			this.cluster.pass(Duration.ofSeconds(40));
		}
		assertThat(this.cluster.events(ClusterEventType.WORKER_STARTED))
			.extracting((event) -> event.worker().id() + " at " + event.worker().index())
			.containsExactly("1 at 0", "2 at 1", "3 at 1", "4 at 0", "5 at 1", "6 at 0");
	}

	/**
	 * Conformance row L10: however far a worker has got on its way out, its process alone
	 * tells of the exit.
	 */
	@Test
	void exitIsToldByTheProcess() {
		this.cluster.worker(1).deaf();
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), true);
		this.cluster.supervision().disconnected(this.cluster.handle(1), this.cluster.worker(1));
		this.cluster.pass(Duration.ofSeconds(20));
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).isEmpty();
		this.cluster.exits(1, 137);
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).hasSize(1);
	}

	@Test
	void exitWhenTheWorkerIsTerminatedIsRequestedAndIsReplacedAtOnce() {
		this.cluster.worker(1).deaf();
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), true);
		this.cluster.pass(Duration.ZERO);
		assertThat(this.cluster.worker(1).isAskedToDrain()).isTrue();
		assertThat(this.cluster.worker(1).isToHandBack()).isTrue();
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.exits(1, 143);
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).singleElement().satisfies((event) -> {
			assertThat(event.reason()).isEqualTo(ExitReason.REQUESTED);
			assertThat(event.exitCode()).isEqualTo(143);
		});
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 0));
		assertThat(this.cluster.events(ClusterEventType.WORKER_RESTART_SCHEDULED)).isEmpty();
	}

	/**
	 * Its channel may break before it can tell of the signal.
	 */
	@Test
	void exitWhenTheWorkerIsTerminatedWithoutAWordIsRequested() {
		this.cluster.exits(1, 143);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.REQUESTED);
		assertThat(this.cluster.ids()).containsExactly(2, 3);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 0));
	}

	@Test
	void exitWhenTheWorkerIsTerminatedInItsStartIsAFailedStart() {
		this.cluster.starter().onStart((worker) -> {
		});
		this.cluster.resize(3);
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(3), true);
		assertThat(this.cluster.state(3)).isEqualTo(WorkerState.STARTING);
		this.cluster.exits(3, 143);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.START_FAILED);
		assertThat(this.cluster.events(ClusterEventType.WORKER_RESTART_SCHEDULED)).hasSize(1);
	}

	@Test
	void exitWhenItIsLookedForAndToldIsNotedOnce() {
		this.cluster.worker(2).exits(137);
		this.cluster.look();
		assertThat(this.cluster.ids()).containsExactly(1);
		this.cluster.pass(Duration.ZERO);
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).hasSize(1);
		assertThat(this.cluster.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 1));
	}

	@Test
	void exitWhenAWorkerIsMissingLeavesTheClusterDegraded() {
		this.cluster.exits(1, 137);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.DEGRADED);
		assertThat(this.cluster.view().size()).isEqualTo(new ClusterView.Size(2, 1));
		assertThat(this.cluster.view().workers()).hasSize(1);
	}

}
