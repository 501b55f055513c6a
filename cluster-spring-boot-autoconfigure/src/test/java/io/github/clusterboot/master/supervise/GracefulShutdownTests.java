package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ClusterShutdown} of a cluster that is otherwise at rest.
 */
class GracefulShutdownTests {

	private static final Duration A_MOMENT = Duration.ofMillis(1);

	/**
	 * How long clients get to complete the handshakes that they have begun.
	 */
	private static final Duration TIME_TO_CONNECT = Duration.ofMillis(250);

	private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("Java heap space");

	private final VirtualCluster cluster = VirtualSettings.workers(3).cluster().startWell();

	@Test
	void beginEndsEachWorkerWhenWhatClientsHaveBegunIsTaken() {
		this.cluster.shutDown();
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.STOPPING);
		this.cluster.pass(TIME_TO_CONNECT.minus(A_MOMENT));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		assertThat(this.cluster.worker(1).isAskedToDrain()).isFalse();
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.ids()).isEmpty();
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.exitReasons()).hasSize(3).containsOnly(ExitReason.REQUESTED);
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_STOPPING)).singleElement()
			.satisfies((event) -> assertThat(event.message()).isEqualTo("TERM"));
		InOrder inOrder = inOrder(this.cluster.listeners());
		inOrder.verify(this.cluster.listeners()).refuseNew();
		inOrder.verify(this.cluster.listeners(), atLeast(1)).acceptRest();
		inOrder.verify(this.cluster.listeners()).stopListening();
		inOrder.verify(this.cluster.listeners()).close();
	}

	/**
	 * There is none to go on with it.
	 */
	@Test
	void beginHasNothingHandedBack() {
		this.cluster.worker(1).deaf();
		this.cluster.shutDown();
		this.cluster.pass(TIME_TO_CONNECT);
		assertThat(this.cluster.worker(1).isAskedToDrain()).isTrue();
		assertThat(this.cluster.worker(1).isToHandBack()).isFalse();
	}

	/**
	 * They take nothing that has been begun.
	 */
	@Test
	void beginWhenWorkersAreStartingTerminatesThemAtOnce() {
		this.cluster.starter().onStart((worker) -> {
		});
		this.cluster.resize(4);
		this.cluster.shutDown();
		assertThat(this.cluster.worker(4).isTerminated()).isTrue();
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
	}

	/**
	 * What it would hand back from now on, nobody could go on with.
	 */
	@Test
	void beginWhenAWorkerDrainsAlreadyAsksItAtOnceToHandBackNothing() {
		this.cluster.worker(2).deaf();
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(2), true);
		assertThat(this.cluster.worker(2).isToHandBack()).isTrue();
		this.cluster.shutDown();
		assertThat(this.cluster.worker(2).isToHandBack()).isFalse();
		assertThat(this.cluster.worker(1).isAskedToDrain()).isFalse();
	}

	@Test
	void beginWhenConnectionsAreStillQueuedWaitsUntilTheyAreTaken() {
		willReturn(false).given(this.cluster.listeners()).acceptRest();
		this.cluster.shutDown();
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		willReturn(true).given(this.cluster.listeners()).acceptRest();
		this.cluster.pass(Duration.ofMillis(5));
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void beginWhenConnectionsAreNeverTakenDoesNotWaitForLong() {
		willReturn(false).given(this.cluster.listeners()).acceptRest();
		this.cluster.shutDown();
		this.cluster.pass(Duration.ofSeconds(2).minus(A_MOMENT));
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void beginWhenNoWorkerIsReadyDrainsAtOnce() {
		for (int id = 1; id <= 3; id++) {
			this.cluster.refuses(id);
		}
		this.cluster.shutDown();
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.worker(1).isAskedToDrain()).isTrue();
	}

	@Test
	void beginWhenConnectionsCannotBeAcceptedGoesOn() {
		willThrow(new InternalError("a fault occurred")).given(this.cluster.listeners()).acceptRest();
		this.cluster.shutDown();
		this.cluster.pass(TIME_TO_CONNECT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void beginWhenListenersCannotBeClosedGoesOn() {
		willThrow(new InternalError("a fault occurred")).given(this.cluster.listeners()).refuseNew();
		willThrow(new InternalError("a fault occurred")).given(this.cluster.listeners()).stopListening();
		willThrow(new InternalError("a fault occurred")).given(this.cluster.listeners()).close();
		this.cluster.shutDown();
		this.cluster.pass(TIME_TO_CONNECT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void beginWhenNoTimerCanBeMadeDrainsAtOnce() {
		this.cluster.worker(1).deaf();
		this.cluster.worker(2).deaf();
		this.cluster.worker(3).deaf();
		this.cluster.refuseTasks(NO_MEMORY);
		this.cluster.supervision().shutDown(143, "TERM");
		this.cluster.refuseTasks(null);
		assertThat(this.cluster.worker(1).isAskedToDrain()).isTrue();
		assertThat(this.cluster.worker(3).isAskedToDrain()).isTrue();
		for (int id = 1; id <= 3; id++) {
			this.cluster.exits(id, 0);
		}
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	/**
	 * Conformance row L4.
	 */
	@Test
	void beginWhenAWorkerDoesNotEndKillsItAtTheDrainTimeout() {
		this.cluster.worker(2).deaf();
		this.cluster.shutDown();
		this.cluster.pass(TIME_TO_CONNECT.plusSeconds(30).minus(A_MOMENT));
		assertThat(this.cluster.ids()).containsExactly(2);
		assertThat(this.cluster.exitCode()).isNull();
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.REQUESTED, ExitReason.REQUESTED,
				ExitReason.DRAIN_TIMEOUT);
	}

	@Test
	void beginWhenTheStopTakesTooLongKillsWhatIsLeft() {
		VirtualCluster slow = VirtualSettings.workers(2)
			.drainTimeout(Duration.ofSeconds(60))
			.shutdownTimeout(Duration.ofSeconds(10))
			.cluster()
			.startWell();
		slow.worker(1).deaf();
		slow.shutDown();
		slow.pass(Duration.ofSeconds(10).minus(A_MOMENT));
		assertThat(slow.ids()).containsExactly(1);
		slow.pass(A_MOMENT);
		assertThat(slow.worker(1).isKilled()).isTrue();
		assertThat(slow.exitCode()).isEqualTo(143);
		assertThat(slow.exitReasons()).containsExactly(ExitReason.REQUESTED, ExitReason.REQUESTED);
	}

	/**
	 * The timer of the stop outlives the last worker.
	 */
	@Test
	void beginWhenTheStopIsOverKillsNobodyLater() {
		this.cluster.shutDown();
		this.cluster.pass(Duration.ofMinutes(5));
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		verify(this.cluster.listeners(), times(1)).close();
	}

	@Test
	void beginWhenAProcessCannotBeKilledEndsWithoutIt() {
		this.cluster.worker(2).immortal();
		this.cluster.shutDown();
		this.cluster.pass(Duration.ofSeconds(61).minus(A_MOMENT));
		assertThat(this.cluster.worker(2).isKilled()).isTrue();
		assertThat(this.cluster.exitCode()).isNull();
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.ids()).containsExactly(2);
		verify(this.cluster.listeners()).close();
	}

	@Test
	void beginWhenAWorkerCrashesMeanwhileReplacesNone() {
		this.cluster.worker(1).deaf();
		this.cluster.shutDown();
		this.cluster.exits(1, 137);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.starter().requests()).isEqualTo(3);
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED, ExitReason.REQUESTED,
				ExitReason.REQUESTED);
	}

	/**
	 * A signal to the whole process group reaches the workers, too.
	 */
	@Test
	void beginWhenWorkersAreToldAsWellEndsAllOfThem() {
		this.cluster.shutDown();
		for (int id = 1; id <= 3; id++) {
			this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(id), true);
		}
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.READY);
		this.cluster.pass(TIME_TO_CONNECT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.worker(1).isToHandBack()).isFalse();
	}

	@Test
	void beginWhenItIsAskedForAgainKeepsTheFirstExitCode() {
		this.cluster.shutDown();
		this.cluster.supervision().shutDown(0, "The application has ended");
		this.cluster.pass(TIME_TO_CONNECT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_STOPPING)).hasSize(1);
	}

	@Test
	void nowWhenWorkersDrainKillsAtOnce() {
		for (int id = 1; id <= 3; id++) {
			this.cluster.worker(id).deaf();
		}
		this.cluster.shutDown();
		this.cluster.pass(Duration.ofSeconds(3));
		this.cluster.supervision().shutDownNow(130, "INT again");
		this.cluster.pass(Duration.ZERO);
		assertThat(this.cluster.exitCode()).isEqualTo(130);
		assertThat(this.cluster.exitReasons()).hasSize(3).containsOnly(ExitReason.REQUESTED);
		assertThat(this.cluster.worker(3).isKilled()).isTrue();
	}

	@Test
	void nowWhenNothingWasBegunKillsAtOnce() {
		this.cluster.supervision().shutDownNow(143, "TERM");
		this.cluster.pass(Duration.ZERO);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
		assertThat(this.cluster.worker(1).isAskedToDrain()).isFalse();
		assertThat(this.cluster.events(ClusterEventType.CLUSTER_STOPPING)).hasSize(1);
	}

	@Test
	void nowWhenAProcessCannotBeKilledEndsWithoutIt() {
		this.cluster.worker(2).immortal();
		this.cluster.supervision().shutDownNow(143, "TERM");
		this.cluster.pass(Duration.ofSeconds(1).minus(A_MOMENT));
		assertThat(this.cluster.exitCode()).isNull();
		this.cluster.pass(A_MOMENT);
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void nowWhenThereIsNoWorkerEndsAtOnce() {
		VirtualCluster empty = VirtualSettings.workers(1).cluster();
		empty.supervision().shutDownNow(143, "TERM");
		assertThat(empty.exitCode()).isEqualTo(143);
	}

	@Test
	void failWhenNoTimerCanBeMadeKillsAtOnce() {
		VirtualCluster starting = VirtualSettings.workers(1).cluster().start();
		starting.worker(1).deaf();
		starting.refuseTasks(NO_MEMORY);
		starting.supervision().failIfNeverReady(new IOException("Port 8080 is in use"));
		starting.refuseTasks(null);
		assertThat(starting.worker(1).isKilled()).isTrue();
		starting.pass(Supervision.INTERVAL);
		assertThat(starting.supervision().exit()).isCompletedExceptionally();
	}

	@Test
	void loopEndedWhenTheClusterStopsEndsWithItsExitCode() {
		this.cluster.worker(1).immortal();
		this.cluster.shutDown();
		this.cluster.supervision().loopEnded();
		assertThat(this.cluster.exitCode()).isEqualTo(143);
	}

	@Test
	void loopEndedWhenTheClusterServesIsAFailure() {
		this.cluster.supervision().loopEnded();
		assertThat(this.cluster.supervision().exit()).isCompletedExceptionally();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.cluster.supervision().exit().join())
			.havingCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessage("The master's event loop has ended");
		verify(this.cluster.listeners(), never()).close();
	}

}
