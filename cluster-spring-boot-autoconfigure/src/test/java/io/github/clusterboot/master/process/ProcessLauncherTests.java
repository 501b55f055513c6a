package io.github.clusterboot.master.process;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProcessLauncher}. Fault F4.
 */
class ProcessLauncherTests {

	@Test
	void mechanismIsOneThatTheReleasePrintsNoWarningFor() {
		assertThat(ProcessLauncher.mechanism(17)).isEqualTo("VFORK");
		assertThat(ProcessLauncher.mechanism(24)).isEqualTo("VFORK");
		assertThat(ProcessLauncher.mechanism(25)).isEqualTo("FORK");
	}

	@Test
	void stayChangeableTellsTheJvmFromJdk18OnAndLeavesNoFile(@TempDir Path directory) {
		assertThat(ProcessLauncher.stayChangeable(directory)).isEqualTo(Runtime.version().feature() >= 18);
		assertThat(directory).isEmptyDirectory();
	}

}
