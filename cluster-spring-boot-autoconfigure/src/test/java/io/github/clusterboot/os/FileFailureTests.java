package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link FileFailure}.
 */
class FileFailureTests {

	@TempDir
	Path directory;

	@Test
	void describeWhenTheMessageIsThePathSaysWhatIsWrong() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		Path none = this.directory.resolve("none");
		assertThat(description(() -> Files.readString(none))).isEqualTo(none + ": no such file or directory");
		assertThat(description(() -> Files.createFile(file))).isEqualTo(file + ": file exists");
		assertThat(description(() -> Files.newDirectoryStream(file))).isEqualTo(file + ": not a directory");
		assertThat(description(() -> Files.delete(this.directory))).isEqualTo(this.directory + ": directory not empty");
		assertThat(FileFailure.describe(new AccessDeniedException("/x/y"))).isEqualTo("/x/y: permission denied");
		assertThat(FileFailure.describe(new FileSystemException("/x/y"))).isEqualTo("/x/y: FileSystemException");
	}

	@Test
	void describeWhenThereIsAReasonIsTheMessage() {
		assertThat(FileFailure.describe(new FileSystemException("/x/y", null, "No space left on device")))
			.isEqualTo("/x/y: No space left on device");
		assertThat(FileFailure.describe(new IOException("No space left on device")))
			.isEqualTo("No space left on device");
	}

	@Test
	void describeWhenTheMessageAloneSaysNothingHasTheType() {
		assertThat(FileFailure.describe(new IOException())).isEqualTo("java.io.IOException");
		assertThat(FileFailure.describe(new NoClassDefFoundError("some/Type")))
			.isEqualTo("java.lang.NoClassDefFoundError: some/Type");
	}

	@Test
	void describeOfADirectoryNamesItOnce() {
		assertThat(FileFailure.describe(this.directory, new IOException("No space left on device")))
			.isEqualTo(this.directory + ": No space left on device");
		String file = this.directory.resolve("file").toString();
		assertThat(FileFailure.describe(this.directory, new FileSystemException(file, null, "Read-only file system")))
			.isEqualTo(this.directory + ": Read-only file system");
		assertThat(FileFailure.describe(this.directory, new AccessDeniedException(file)))
			.isEqualTo(this.directory + ": permission denied");
		assertThat(FileFailure.describe(this.directory, new NoSuchFileException(file)))
			.isEqualTo(this.directory + ": no such file or directory");
		String open = "Other users can write to " + this.directory;
		assertThat(FileFailure.describe(this.directory, new IOException(open))).isEqualTo(open);
	}

	private static String description(ThrowingCallable action) {
		return FileFailure.describe(catchThrowable(action));
	}

}
