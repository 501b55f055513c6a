package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InstalledJar}.
 */
class InstalledJarTests {

	@TempDir
	private Path directory;

	private Path jar;

	@BeforeEach
	void writeJar() throws IOException {
		this.jar = Files.writeString(this.directory.resolve("app.jar"), "one");
	}

	@Test
	void isOverwrittenWhenNothingHasHappenedIsFalse() {
		assertThat(new InstalledJar(this.jar).isOverwritten()).isFalse();
	}

	@Test
	void isOverwrittenWhenTheFileWasWrittenToIsTrue() throws IOException {
		InstalledJar installed = new InstalledJar(this.jar);
		Files.writeString(this.jar, "another");
		assertThat(installed.isOverwritten()).isTrue();
	}

	@Test
	void isOverwrittenWhenAnotherFileHasTakenTheNameIsFalse() throws IOException {
		InstalledJar installed = new InstalledJar(this.jar);
		Path next = Files.writeString(this.directory.resolve("next.jar"), "another");
		Files.move(next, this.jar, StandardCopyOption.ATOMIC_MOVE);
		assertThat(installed.isOverwritten()).isFalse();
	}

	@Test
	void isOverwrittenWhenTheFileWasDeletedIsFalse() throws IOException {
		InstalledJar installed = new InstalledJar(this.jar);
		Files.delete(this.jar);
		assertThat(installed.isOverwritten()).isFalse();
	}

}
