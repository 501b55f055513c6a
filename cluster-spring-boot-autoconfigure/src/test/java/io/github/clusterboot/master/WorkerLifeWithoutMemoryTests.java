package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.Scheduling;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.ScoreboardSlot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link WorkerLife} and {@link PendingStarts} on an event loop that may take
 * no task for a while.
 */
class WorkerLifeWithoutMemoryTests {

	private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("Java heap space");

	private final MasterLoop loop = mock();

	private final WorkerStarter starter = mock();

	private final Workers workers = new Workers();

	private final EventJournal journal = mock();

	private final WorkerProcess process = mock();

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	private final CompletableFuture<WorkerStarter.Started> start = new CompletableFuture<>();

	private final WorkerLife life = new WorkerLife(settings(), this.loop, this.starter, this.workers, mock(), mock(),
			mock(), this.journal, mock());

	private static MasterSettings settings() {
		Duration minute = Duration.ofMinutes(1);
		return new MasterSettings(new MasterSettings.Size(1, true, false, 1), Scheduling.ROUND_ROBIN, 1, minute, minute,
				minute, minute, new MasterSettings.Restart(minute, 1, minute, minute), MasterSettings.Recycling.NONE);
	}

	@BeforeEach
	void prepare() throws Exception {
		given(this.process.exit()).willReturn(this.exit);
		given(this.process.lastWords()).willReturn("");
		given(this.starter.start(anyInt(), anyInt(), anyBoolean())).willReturn(this.start);
		takeTasks();
	}

	private void takeTasks() throws Exception {
		willAnswer((call) -> {
			((Steps.Step) call.getArgument(1)).take();
			return null;
		}).given(this.loop).execute(anyString(), any());
		willAnswer((call) -> {
			((Runnable) call.getArgument(0)).run();
			return null;
		}).given(this.loop).execute(any(Runnable.class));
	}

	private void takeNoTask() {
		willThrow(NO_MEMORY).given(this.loop).execute(anyString(), any());
		willThrow(NO_MEMORY).given(this.loop).execute(any(Runnable.class));
	}

	@Test
	void startWhenTheStarterFailsLeavesTheIndexFree() {
		given(this.starter.start(anyInt(), anyInt(), anyBoolean())).willThrow(NO_MEMORY);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.life.start(0));
		assertThat(this.workers.isIndexHeld(0)).isFalse();
		assertThat(this.workers.beingStarted()).isZero();
	}

	@Test
	void lookWhenTheEndOfAStartCouldNotBeToldNotesIt() throws Exception {
		this.life.start(0);
		takeNoTask();
		this.start.complete(started(1));
		then(this.process).should().kill();
		takeTasks();
		this.life.look();
		assertThat(this.workers.beingStarted()).isZero();
		assertThat(this.workers.withId(1)).isNotNull();
		this.exit.complete(137);
		assertThat(this.workers.isEmpty()).isTrue();
	}

	@Test
	void lookWhenTheEndOfAStartIsToldAfterwardsNotesItOnce() throws Exception {
		this.life.start(0);
		ArgumentCaptor<Steps.Step> late = ArgumentCaptor.captor();
		willAnswer((call) -> null).given(this.loop).execute(anyString(), late.capture());
		this.start.complete(started(1));
		this.life.look();
		late.getValue().take();
		assertThat(this.workers.all()).hasSize(1);
	}

	@Test
	void startWhenTheProcessCannotBeNotedKillsIt() {
		given(this.journal.newest()).willThrow(NO_MEMORY);
		this.life.start(0);
		this.start.complete(started(1));
		then(this.process).should().kill();
		assertThat(this.workers.isEmpty()).isTrue();
		assertThat(this.life.isFree(0)).isFalse();
	}

	@Test
	void lookWhenAnExitCouldNotBeToldNotesItOnce() throws Exception {
		this.life.start(0);
		this.start.complete(started(1));
		takeNoTask();
		this.exit.complete(137);
		assertThat(this.workers.all()).hasSize(1);
		takeTasks();
		this.life.look();
		this.life.look();
		assertThat(this.workers.isEmpty()).isTrue();
		then(this.journal).should(times(1)).recordExit(any(), any(), eq(137), anyString());
	}

	@Test
	void lookWhenAProcessIsNotKnownToHaveEndedLooksAtIt() {
		this.life.start(0);
		this.start.complete(started(1));
		this.life.look();
		then(this.process).should().look();
		then(this.process).should(never()).kill();
	}

	/**
	 * One that has served all along tells nothing about starts.
	 */
	@Test
	void readinessWhenAWorkerAcceptsTrafficAgainDoesNotEndADiagnosis() {
		this.life.start(0);
		this.start.complete(started(1));
		WorkerHandle worker = this.workers.withId(1);
		this.life.readinessChanged(worker, true);
		given(this.starter.start(anyInt(), anyInt(), anyBoolean()))
			.willReturn(CompletableFuture.failedFuture(new IOException("Port 9090 is in use")));
		for (int i = 0; i < StartDiagnosis.FAILURES; i++) {
			this.life.start(1);
			this.life.readinessChanged(worker, false);
			this.life.readinessChanged(worker, true);
			assertThat(worker.state()).isEqualTo(WorkerState.READY);
		}
		assertThat(this.life.isDiagnosed()).isTrue();
	}

	private WorkerStarter.Started started(int id) {
		return new WorkerStarter.Started(new WorkerIdentity(id, 0, 4711, 1), this.process, mock(ScoreboardSlot.class));
	}

}
