package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.time.Instant;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.InMemoryScoreboard;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.loop.TimeSource;
import io.github.clusterboot.master.process.WorkerProcess;
import io.netty.util.concurrent.Future;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link WorkerHandle}.
 */
class WorkerHandleTests {

	private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

	private final WorkerProcess process = mock(WorkerProcess.class);

	private final ScoreboardSlot slot = InMemoryScoreboard.newSlot();

	private final TimeSource time = mock(TimeSource.class);

	private final WorkerHandle worker = newHandle();

	private WorkerHandle newHandle() {
		given(this.time.now()).willReturn(STARTED);
		given(this.time.since(0)).willReturn(Duration.ofSeconds(3));
		return new WorkerHandle(new WorkerIdentity(7, 2, 4711, 3), this.process, this.slot, 99, this.time);
	}

	@Test
	void handleTellsWhichWorkerItIs() {
		assertThat(this.worker).hasToString("worker 7 (pid 4711)");
		assertThat(this.worker.index()).isEqualTo(2);
		assertThat(this.worker.lastEvent()).isEqualTo(99);
		assertThat(this.worker.age()).isEqualTo(Duration.ofSeconds(3));
		assertThat(this.worker.sinceReady()).isZero();
	}

	@Test
	void startFailureWhenTheApplicationHasNotSaidWhyIsItsLastLine() {
		given(this.process.lastWords()).willReturn("Starting\n  Port 9090 is in use \n\n  \n");
		assertThat(this.worker.startFailure()).isEqualTo("Port 9090 is in use");
	}

	@Test
	void startFailureWhenNothingWasPrintedIsEmpty() {
		given(this.process.lastWords()).willReturn("");
		assertThat(this.worker.startFailure()).isEmpty();
	}

	@Test
	void startFailureWhenTheApplicationHasSaidWhyIsThat() {
		given(this.process.lastWords()).willReturn("Application run failed");
		this.worker.startFailsBecause("Port 9090 is in use");
		assertThat(this.worker.startFailure()).isEqualTo("Port 9090 is in use");
	}

	@Test
	void isStayingWhenTheProcessHasEndedIsFalse() {
		assertThat(this.worker.isStaying()).isTrue();
		this.worker.exited();
		assertThat(this.worker.isStaying()).isFalse();
	}

	@Test
	void deadlineReplacesTheOneBefore() {
		Future<?> first = mock(Future.class);
		Future<?> second = mock(Future.class);
		this.worker.deadline(first);
		this.worker.deadline(second);
		verify(first).cancel(false);
		verify(second, never()).cancel(false);
		this.worker.deadline(null);
		verify(second).cancel(false);
		assertThat(this.worker.hasDeadline()).isFalse();
	}

	@Test
	void sendWhenThereIsNoChannelReturnsFalse() {
		WorkerLink link = mock(WorkerLink.class);
		assertThat(this.worker.send(new Message.Drain(true))).isFalse();
		this.worker.connected(link);
		assertThat(this.worker.send(new Message.Drain(true))).isTrue();
		verify(link).send(new Message.Drain(true));
		assertThat(this.worker.disconnected(mock(WorkerLink.class))).isFalse();
		assertThat(this.worker.disconnected(link)).isTrue();
		assertThat(this.worker.send(new Message.Drain(true))).isFalse();
	}

	@Test
	void viewShowsWhatTheWorkerPublishes() {
		assertThat(this.worker.view().lastHeartbeat()).isNull();
		assertThat(this.worker.view().readyTime()).isNull();
		this.worker.accepts();
		this.slot.beat(STARTED.toEpochMilli(), 4096);
		this.slot.connectionTaken(0);
		this.slot.connectionAccepted(1);
		this.slot.connectionClosed(0);
		this.slot.requestBegun();
		this.slot.requestBegun();
		this.slot.requestCompleted();
		assertThat(this.worker.view())
			.isEqualTo(new ClusterView.Worker(7, 2, 4711, 3, WorkerState.READY, STARTED, STARTED,
					new ClusterView.Counts(1, 2), new ClusterView.Counts(1, 2), new ClusterView.Memory(4096), STARTED));
	}

}
