package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.master.control.ControlServer;
import io.github.clusterboot.os.FileState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.MockedStatic;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.Answers.CALLS_REAL_METHODS;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link RunDirectoryUpkeep}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RunDirectoryUpkeepTests {

	@TempDir
	Path parent;

	/**
	 * The tests call it from this thread alone, since what is refused here is refused in
	 * no other.
	 */
	@Test
	void currentWhenTheDirectoryCannotBeSeenOnceReturnsIt() throws IOException {
		ControlServer server = mock();
		try (OwnedRunDirectory directory = OwnedRunDirectory.create(RunDirectoryPlaces.of(this.parent));
				RunDirectoryUpkeep upkeep = new RunDirectoryUpkeep(directory)) {
			RunDirectory before = directory.directory();
			upkeep.start(server);
			clearInvocations(server);
			try (MockedStatic<FileState> files = refused(this.parent)) {
				assertThat(upkeep.current()).isEqualTo(before);
			}
			verify(server, never()).open(any());
			assertThat(upkeep.current()).isEqualTo(before);
			verify(server).open(before);
		}
	}

	@Test
	void currentWhenTheDirectoryCannotBeSeenAgainSaysWhy(CapturedOutput output) throws IOException {
		try (OwnedRunDirectory directory = OwnedRunDirectory.create(RunDirectoryPlaces.of(this.parent));
				RunDirectoryUpkeep upkeep = new RunDirectoryUpkeep(directory)) {
			try (MockedStatic<FileState> files = refused(this.parent)) {
				upkeep.current();
				assertThatIOException().isThrownBy(upkeep::current);
			}
			// the log has a thread of its own
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(output).containsOnlyOnce("No worker can be started: the run directory")
					.contains("Not permitted"));
		}
	}

	private static MockedStatic<FileState> refused(Path parent) {
		MockedStatic<FileState> files = mockStatic(CALLS_REAL_METHODS);
		files.when(() -> FileState.of(argThat((path) -> path != null && path.startsWith(parent))))
			.thenThrow(new IOException("Not permitted"));
		return files;
	}

}
