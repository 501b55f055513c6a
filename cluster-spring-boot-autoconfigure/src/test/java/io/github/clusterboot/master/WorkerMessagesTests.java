package io.github.clusterboot.master;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link WorkerMessages}.
 */
class WorkerMessagesTests {

	private final WorkerHandle worker = mock();

	private final WorkerProcess process = mock();

	private final WorkerMessages messages = new WorkerMessages(mock(), mock(), mock(), mock(), mock(), mock(), mock(),
			mock(), mock(), mock());

	@BeforeEach
	void hasProcess() {
		given(this.worker.process()).willReturn(this.process);
	}

	@Test
	void brokenWhenTheWorkerHasNeverBeenReadyKillsIt() {
		this.messages.broken(this.worker);
		verify(this.process).kill();
	}

	@Test
	void brokenWhenTheWorkerServesHasItDrain() {
		given(this.worker.hasBeenReady()).willReturn(true);
		given(this.worker.isStaying()).willReturn(true);
		this.messages.broken(this.worker);
		verify(this.process).terminate();
	}

	@Test
	void brokenWhenTheWorkerLeavesAnywayDoesNothing() {
		given(this.worker.hasBeenReady()).willReturn(true);
		this.messages.broken(this.worker);
		verifyNoInteractions(this.process);
	}

}
