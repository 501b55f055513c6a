package io.github.clusterboot.master.process;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ChildProcess}.
 */
class ChildProcessTests {

	private final Process process = mock();

	private final WorkerOutput output = mock();

	private final CompletableFuture<Process> onExit = new CompletableFuture<>();

	@Test
	void lookWhenTheProcessLivesTellsNoExit() {
		ChildProcess worker = start();
		given(this.process.isAlive()).willReturn(true);
		worker.look();
		assertThat(worker.exit()).isNotDone();
	}

	/**
	 * The JDK makes a thread when something is first given a time-out.
	 */
	@Test
	void lookWhenTheOutputCannotBeWaitedForTriesAgainTheNextTime() {
		ChildProcess worker = start();
		given(this.process.exitValue()).willReturn(42);
		given(this.output.end()).willThrow(new OutOfMemoryError("unable to create native thread"))
			.willReturn(CompletableFuture.completedFuture(null));
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(worker::look);
		assertThat(worker.exit()).isNotDone();
		worker.look();
		assertThat(worker.exit()).isCompletedWithValue(42);
	}

	@Test
	void lookWhenTheOutputHasNotEndedWaitsForIt() {
		ChildProcess worker = start();
		CompletableFuture<Void> end = new CompletableFuture<>();
		given(this.output.end()).willReturn(end);
		this.onExit.complete(this.process);
		worker.look();
		assertThat(worker.exit()).isNotDone();
		end.complete(null);
		assertThat(worker.exit()).isCompletedWithValue(0);
	}

	private ChildProcess start() {
		given(this.process.onExit()).willReturn(this.onExit);
		return new ChildProcess(this.process, this.output);
	}

}
