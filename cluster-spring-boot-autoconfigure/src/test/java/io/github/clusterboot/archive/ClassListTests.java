package io.github.clusterboot.archive;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClassList}.
 */
class ClassListTests {

	@TempDir
	Path directory;

	@Test
	void copyWhenTheLastLineIsNotCompleteLeavesItOut() throws Exception {
		Path written = Files.writeString(this.directory.resolve("written"), """
				java/lang/Object id: 0
				com/example/Main id: 1
				@lambda-proxy com/example/Main run ()Ljava/la""");
		Path copy = this.directory.resolve("copy");
		ClassList.copy(written, copy);
		assertThat(copy).hasContent("java/lang/Object id: 0\ncom/example/Main id: 1\n");
	}

	@Test
	void copyWhenNothingIsCompleteIsEmpty() throws Exception {
		Path written = Files.writeString(this.directory.resolve("written"), "java/la");
		Path copy = this.directory.resolve("copy");
		ClassList.copy(written, copy);
		assertThat(copy).isEmptyFile();
	}

}
