package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AbandonedRunDirectories}.
 */
class AbandonedRunDirectoriesTests {

	private static final String MARK = "cluster-spring-boot master 4711\n";

	@TempDir
	Path place;

	@Test
	void deleteInWhenADirectoryIsAbandonedDeletesIt() throws IOException {
		Path other = Files.createDirectory(this.place.resolve("other"));
		Files.createFile(other.resolve("file"));
		Path abandoned = abandoned("cluster-boot-1");
		Files.createFile(abandoned.resolve("master.sock"));
		Files.createDirectory(abandoned.resolve("nested"));
		Files.createFile(abandoned.resolve("nested/file"));
		Files.createSymbolicLink(abandoned.resolve("link"), other);
		AbandonedRunDirectories.deleteIn(this.place);
		assertThat(list()).containsExactly(other);
		assertThat(other.resolve("file")).exists();
	}

	@Test
	void deleteInWhenThisProcessHoldsOneLeavesItAndItsLock() throws IOException {
		try (OwnedRunDirectory held = OwnedRunDirectory.create(RunDirectoryPlaces.of(this.place))) {
			AbandonedRunDirectories.deleteIn(this.place);
			assertThat(list()).containsExactly(held.directory().path());
			assertThat(held.restore()).isEmpty();
		}
	}

	@Test
	void deleteInWhenSomethingElseIsThereLeavesIt() throws IOException {
		Path notOurName = abandoned("other");
		Path withoutLock = directory("cluster-boot-1");
		Path withoutMark = directory("cluster-boot-2");
		Files.createFile(withoutMark.resolve("lock"));
		Path open = abandoned("cluster-boot-3");
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
		Path file = Files.createFile(this.place.resolve("cluster-boot-4"));
		Path link = Files.createSymbolicLink(this.place.resolve("cluster-boot-5"), notOurName);
		Path lockIsALink = directory("cluster-boot-6");
		Files.createSymbolicLink(lockIsALink.resolve("lock"), notOurName.resolve("lock"));
		AbandonedRunDirectories.deleteIn(this.place);
		assertThat(list()).containsExactlyInAnyOrder(notOurName, withoutLock, withoutMark, open, file, link,
				lockIsALink);
		assertThat(notOurName.resolve("lock")).exists();
	}

	/**
	 * Its master was killed before it could lock it.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void deleteInWhenOneHasNeverBeenLockedDeletesItWhenItIsOld(boolean withFile) throws IOException {
		Path never = directory("cluster-boot-1");
		if (withFile) {
			Files.writeString(never.resolve("lock.new"), MARK);
		}
		AbandonedRunDirectories.deleteIn(this.place);
		assertThat(never).isDirectory();
		makeOld(never);
		AbandonedRunDirectories.deleteIn(this.place);
		assertThat(never).doesNotExist();
	}

	/**
	 * A master's whose lock has been deleted, or not a master's.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "master.sock", "lock.new" })
	void deleteInWhenOneWithoutALockHasSomethingElseLeavesIt(String name) throws IOException {
		Path other = directory("cluster-boot-1");
		Files.writeString(other.resolve(name), "else");
		makeOld(other);
		AbandonedRunDirectories.deleteIn(this.place);
		assertThat(other.resolve(name)).exists();
	}

	private static void makeOld(Path file) throws IOException {
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(AbandonedFiles.AGE).minusSeconds(60)));
	}

	/**
	 * Fault C1: not even root's master deletes what is another user's.
	 */
	@Test
	void deleteInWhenItIsAnotherUsersLeavesIt() throws IOException {
		OtherUser.assumeRoot();
		Path others = abandoned("cluster-boot-1");
		Files.setAttribute(others.resolve("lock"), "unix:uid", OtherUser.NOBODY.id());
		Files.setAttribute(others, "unix:uid", OtherUser.NOBODY.id());
		AbandonedRunDirectories.deleteIn(this.place);
		assertThat(others.resolve("lock")).exists();
	}

	/**
	 * Fault C2: nobody waits for a FIFO to be opened.
	 */
	@Test
	@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void deleteInWhenALockIsAFifoLeavesIt() throws Exception {
		Path own = directory("cluster-boot-1");
		assertThat(new ProcessBuilder("mkfifo", own.resolve("lock").toString()).start().waitFor()).isZero();
		Path abandoned = abandoned("cluster-boot-2");
		AbandonedRunDirectories.deleteIn(this.place);
		assertThat(own.resolve("lock")).exists();
		assertThat(abandoned).doesNotExist();
	}

	private Path abandoned(String name) throws IOException {
		Path directory = directory(name);
		Files.writeString(directory.resolve("lock"), MARK);
		return directory;
	}

	private Path directory(String name) throws IOException {
		return Files.createDirectory(this.place.resolve(name),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
	}

	private List<Path> list() throws IOException {
		try (Stream<Path> files = Files.list(this.place)) {
			return files.toList();
		}
	}

}
