package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link OwnDirectory}, of both kinds.
 */
class OwnDirectoryTests {

	@TempDir
	Path place;

	private Path path;

	@BeforeEach
	void create() throws IOException {
		this.path = Files.createDirectory(this.place.toRealPath().resolve("own"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
	}

	@ParameterizedTest
	@EnumSource
	void deleteContentsDeletesEverythingAndFollowsNoLink(Kind kind) throws IOException {
		Path other = Files.createDirectory(this.place.resolve("other"));
		Files.createFile(other.resolve("file"));
		Files.createDirectories(this.path.resolve("a/b"));
		Files.createFile(this.path.resolve("a/b/file"));
		Files.createSymbolicLink(this.path.resolve("a/link"), other);
		Files.createSymbolicLink(this.path.resolve("link"), other);
		Files.createFile(this.path.resolve("lock"));
		try (OwnDirectory directory = kind.open(this.path)) {
			directory.deleteContents("lock");
			assertThat(this.path).isEmptyDirectory();
			directory.delete();
		}
		assertThat(this.path).doesNotExist();
		assertThat(other.resolve("file")).exists();
	}

	@ParameterizedTest
	@EnumSource
	void openWhenItIsALinkOrAFileFails(Kind kind) throws IOException {
		Path link = Files.createSymbolicLink(this.place.resolve("link"), this.path);
		assertThatIOException().isThrownBy(() -> kind.open(link)).withMessageContaining("is not a directory");
		Path file = Files.createFile(this.place.resolve("file"));
		assertThatIOException().isThrownBy(() -> kind.open(file)).withMessageContaining("is not a directory");
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> kind.open(this.place.resolve("none")));
	}

	@ParameterizedTest
	@EnumSource
	void openWhenItIsAnotherUsersFails(Kind kind) throws IOException {
		OtherUser.assumeRoot();
		Files.setAttribute(this.path, "unix:uid", OtherUser.NOBODY.id());
		assertThatIOException().isThrownBy(() -> kind.open(this.path)).withMessageContaining("belongs to another user");
	}

	/**
	 * Fault C1: what is deleted is what was looked at.
	 */
	@Test
	void deleteContentsWhenThePathIsReplacedByALinkDeletesNothingThere() throws IOException {
		Path victim = Files.createDirectory(this.place.resolve("victim"));
		Files.createFile(victim.resolve("file"));
		try (OwnDirectory directory = OwnDirectory.open(this.path)) {
			Files.createFile(this.path.resolve("own-file"));
			Path moved = Files.move(this.path, this.place.resolve("moved"));
			Files.createSymbolicLink(this.path, victim);
			directory.deleteContents("lock");
			assertThat(moved).isEmptyDirectory();
			assertThat(victim.resolve("file")).exists();
			assertThatIOException().isThrownBy(directory::delete);
		}
		assertThat(victim.resolve("file")).exists();
	}

	/**
	 * Fault C2.
	 */
	@ParameterizedTest
	@EnumSource
	@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void openFileWhenItIsNotARegularFileHasNone(Kind kind) throws Exception {
		Process mkfifo = new ProcessBuilder("mkfifo", this.path.resolve("fifo").toString()).start();
		assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
		Path target = Files.createFile(this.place.resolve("target"));
		Files.createSymbolicLink(this.path.resolve("link"), target);
		Files.createFile(this.path.resolve("file"));
		try (OwnDirectory directory = kind.open(this.path)) {
			assertThat(directory.openFile("fifo", StandardOpenOption.WRITE)).isNull();
			assertThat(directory.openFile("link", StandardOpenOption.WRITE)).isNull();
			assertThat(directory.openFile("none", StandardOpenOption.WRITE)).isNull();
			try (FileChannel file = directory.openFile("file", StandardOpenOption.READ, StandardOpenOption.WRITE)) {
				assertThat(file).isNotNull();
			}
		}
	}

	@Test
	void openByPathWhenOthersCanWriteToItOrReplaceItFails() throws IOException {
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rwxrwxr-x"));
		assertThatIOException().isThrownBy(() -> PlainOwnDirectory.openByPath(this.path))
			.withMessage("Other users can write to " + this.path);
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rwx------"));
		Files.setPosixFilePermissions(this.place, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatIOException().isThrownBy(() -> PlainOwnDirectory.openByPath(this.path))
			.withMessageContaining("can write");
	}

	/**
	 * How the directory is opened.
	 */
	enum Kind {

		SECURE, PLAIN;

		private OwnDirectory open(Path path) throws IOException {
			return (this == PLAIN) ? PlainOwnDirectory.openByPath(path) : OwnDirectory.open(path);
		}

	}

}
