package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link RunDirectoryLock}.
 */
class RunDirectoryLockTests {

	@TempDir
	private Path place;

	@Test
	void deleteWithDeletesTheFileAndTheDirectory() throws IOException {
		Path directory = Files.createDirectory(this.place.resolve("cluster"));
		try (RunDirectoryLock lock = RunDirectoryLock.make(directory)) {
			lock.deleteWith(directory);
		}
		assertThat(this.place).isEmptyDirectory();
	}

	@Test
	void deleteWithWhenTheDirectoryHasMoreLeavesTheLockForTheNextMaster() throws IOException {
		Path directory = Files.createDirectory(this.place.resolve("cluster"));
		Path more = Files.createFile(directory.resolve("1.args"));
		try (RunDirectoryLock lock = RunDirectoryLock.make(directory)) {
			assertThatIOException().isThrownBy(() -> lock.deleteWith(directory));
			assertThat(lock.isIn(directory)).isTrue();
		}
		assertThat(directory).isDirectoryContaining(more::equals);
		assertThat(this.place).isDirectoryContaining(directory::equals).isDirectoryNotContaining("glob:**lock");
	}

}
