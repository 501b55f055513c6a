package io.github.clusterboot.master.process;

import io.github.clusterboot.WorkerIdentity;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link ThreadDump}.
 */
class ThreadDumpTests {

	private static final WorkerIdentity WORKER = new WorkerIdentity(1, 0, Long.MAX_VALUE, 1);

	private final WorkerProcess process = mock();

	@Test
	void askWhenTheWorkerLivesSendsASignal() {
		given(this.process.isAlive()).willReturn(true);
		try (MockedStatic<ProcessLauncher> launcher = mockStatic()) {
			ThreadDump.ask(WORKER, this.process);
			launcher.verify(() -> ProcessLauncher.start(any()));
		}
	}

	@Test
	void askWhenTheWorkerHasEndedSendsNoSignal() {
		try (MockedStatic<ProcessLauncher> launcher = mockStatic()) {
			ThreadDump.ask(WORKER, this.process);
			launcher.verifyNoInteractions();
		}
	}

}
