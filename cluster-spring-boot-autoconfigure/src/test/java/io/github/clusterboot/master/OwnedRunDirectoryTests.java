package io.github.clusterboot.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.OtherUser;
import io.github.clusterboot.os.FileState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.Answers.CALLS_REAL_METHODS;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link OwnedRunDirectory}.
 */
class OwnedRunDirectoryTests {

	@TempDir
	Path parent;

	@Test
	void createMakesADirectoryThatOnlyItsUserCanEnter() throws IOException {
		try (OwnedRunDirectory directory = create()) {
			Path path = directory.directory().path();
			assertThat(path).isDirectory().hasParentRaw(this.parent);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
		}
	}

	@Test
	void createMakesAnotherDirectoryEachTime() throws IOException {
		try (OwnedRunDirectory first = create(); OwnedRunDirectory second = create()) {
			assertThat(first.directory()).isNotEqualTo(second.directory());
			assertThat(first.directory().path()).exists();
		}
	}

	@Test
	void closeDeletesTheDirectoryAndMayBeCalledAgain() throws IOException {
		OwnedRunDirectory directory = create();
		Files.createFile(directory.directory().path().resolve("file"));
		Files.createDirectory(directory.directory().path().resolve("nested"));
		Files.createFile(directory.directory().path().resolve("nested/file"));
		directory.close();
		assertThat(this.parent).isEmptyDirectory();
		directory.close();
	}

	/**
	 * Fault F3.
	 */
	@Test
	void restoreWhenTheDirectoryIsDeletedMakesItAgainAtTheSamePlace() throws IOException {
		try (OwnedRunDirectory directory = create()) {
			assertThat(directory.restore()).isEmpty();
			Path path = directory.directory().path();
			Files.delete(path.resolve("lock"));
			Files.delete(path);
			assertThat(directory.restore()).containsExactly("the directory", "the lock");
			assertThat(directory.directory().path()).isEqualTo(path);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
			assertThat(path.resolve("lock")).exists();
			// also if the file system has given it the same key
			assertThat(OwnedRunDirectory.isHeldHere(FileState.of(path))).isTrue();
			assertThat(directory.restore()).isEmpty();
		}
		assertThat(this.parent).isEmptyDirectory();
	}

	/**
	 * Fault C1. Its key is the same as if the file system had given it to another user's.
	 */
	@Test
	void restoreWhenTheDirectoryIsAnotherUsersMakesAnother() throws IOException {
		OtherUser.assumeRoot();
		try (OwnedRunDirectory directory = create()) {
			Path path = directory.directory().path();
			Files.setAttribute(path, "unix:uid", OtherUser.NOBODY.id());
			assertThat(directory.restore()).containsExactly("the directory", "the lock");
			assertThat(directory.directory().path()).isNotEqualTo(path).isDirectory();
			directory.close();
			assertThat(list()).containsExactly(path);
			assertThat(path.resolve("lock")).exists();
		}
	}

	@Test
	void createWhenThereIsNoThreadToCleanUpSucceeds() throws IOException {
		try (MockedStatic<Leftovers> cleanUp = mockStatic()) {
			cleanUp.when(() -> Leftovers.deleteLater(any()))
				.thenThrow(new OutOfMemoryError("unable to create native thread"));
			try (OwnedRunDirectory directory = OwnedRunDirectory.create()) {
				assertThat(directory.directory().path()).isDirectory();
			}
		}
	}

	@Test
	void createWhenTheLockCannotBeMadeLeavesNothing() {
		try (MockedStatic<RunDirectoryLock> lock = mockStatic()) {
			lock.when(() -> RunDirectoryLock.make(any())).thenThrow(new OutOfMemoryError("Java heap space"));
			assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this::create);
		}
		assertThat(this.parent).isEmptyDirectory();
	}

	@Test
	void createWhenTheDirectoryCannotBeLookedAtLeavesNothing() throws IOException {
		try (MockedStatic<FileState> files = mockStatic(CALLS_REAL_METHODS)) {
			files.when(() -> FileState.of(argThat(this::isRunDirectory))).thenThrow(new IOException("Not permitted"));
			assertThatIOException().isThrownBy(this::create).withMessageContaining("Not permitted");
		}
		assertThat(this.parent).isEmptyDirectory();
	}

	private boolean isRunDirectory(Path path) {
		return path != null && path.startsWith(this.parent) && !path.equals(this.parent);
	}

	/**
	 * The file system cannot tell that a new directory is this user's.
	 */
	@Test
	void restoreWhenWhatIsMadeCannotBeHeldLeavesNothing() throws IOException {
		try (OwnedRunDirectory directory = create()) {
			Path path = directory.directory().path();
			Files.delete(path.resolve("lock"));
			Files.delete(path);
			try (MockedStatic<FileState> files = mockStatic(CALLS_REAL_METHODS)) {
				files.when(() -> FileState.of(argThat(this::isRunDirectory)))
					.thenThrow(new IOException("Not permitted"));
				assertThat(directory.restore()).isEmpty();
				assertThatIOException().isThrownBy(directory::restore).withMessageContaining("Not permitted");
			}
			assertThat(this.parent).isEmptyDirectory();
			assertThat(directory.restore()).containsExactly("the directory", "the lock");
		}
		assertThat(this.parent).isEmptyDirectory();
	}

	/**
	 * Fault F3.
	 */
	@Test
	void restoreWhenTheLockIsDeletedOrReplacedMakesItAgain() throws IOException {
		try (OwnedRunDirectory directory = create()) {
			Path lock = directory.directory().path().resolve("lock");
			Files.delete(lock);
			assertThat(directory.restore()).containsExactly("the lock");
			Files.delete(lock);
			Files.createFile(lock);
			assertThat(directory.restore()).containsExactly("the lock");
			assertThat(lock).isNotEmptyFile();
		}
	}

	@Test
	void restoreWhenTheDirectoryCannotBeSeenOnceKeepsIt() throws IOException {
		Path place = Files.createDirectory(this.parent.resolve("place"));
		try (OwnedRunDirectory directory = OwnedRunDirectory.create(RunDirectoryPlaces.of(place))) {
			Path path = directory.directory().path();
			Path aside = Files.move(place, this.parent.resolve("aside"));
			Files.createFile(place);
			assertThat(directory.restore()).isEmpty();
			assertThat(directory.isUnseen()).isTrue();
			Files.delete(place);
			Files.move(aside, place);
			assertThat(directory.restore()).isEmpty();
			assertThat(directory.isUnseen()).isFalse();
			assertThat(directory.directory().path()).isEqualTo(path).isDirectory();
		}
	}

	/**
	 * Fault F3. Another user may have taken the name.
	 */
	@Test
	void restoreWhenThePlaceIsTakenMakesAnotherAndLeavesThat() throws IOException {
		try (OwnedRunDirectory directory = create()) {
			Path path = directory.directory().path();
			Files.delete(path.resolve("lock"));
			Files.delete(path);
			Path others = Files.createDirectory(this.parent.resolve("others"));
			Files.createFile(others.resolve("lock"));
			Files.createSymbolicLink(path, others);
			assertThat(directory.restore()).containsExactly("the directory", "the lock");
			assertThat(directory.directory().path()).isNotEqualTo(path).isDirectory();
			directory.close();
			assertThat(list()).containsExactlyInAnyOrder(path, others);
			assertThat(others.resolve("lock")).exists();
		}
	}

	/**
	 * Fault C1: the own directory is not deleted by its path either.
	 */
	@Test
	void closeWhenAnotherDirectoryHasTheNameLeavesIt() throws IOException {
		OwnedRunDirectory directory = create();
		Path path = directory.directory().path();
		Files.move(path, this.parent.resolve("moved"));
		Files.createDirectory(path);
		Files.createFile(path.resolve("file"));
		directory.close();
		assertThat(path.resolve("file")).exists();
	}

	@Test
	void restoreWhenTheLockCannotBeSeenOnceKeepsIt() throws IOException {
		try (OwnedRunDirectory directory = create()) {
			Path lock = directory.directory().path().resolve("lock");
			FileState before = FileState.of(lock);
			try (MockedStatic<FileState> files = mockStatic(CALLS_REAL_METHODS)) {
				files.when(() -> FileState.of(lock)).thenThrow(new IOException("Not permitted"));
				assertThat(directory.restore()).isEmpty();
				assertThat(directory.isUnseen()).isTrue();
			}
			assertThat(directory.restore()).isEmpty();
			assertThat(FileState.of(lock)).isEqualTo(before);
		}
	}

	/**
	 * Fault C1: another user has made a link of the name, to a directory of this user's.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void closeWhenTheNameIsALinkAndCannotBeSeenDeletesNothingElse(boolean root) throws IOException {
		Path others = Files.createDirectory(this.parent.resolve("others"));
		Path precious = Files.createFile(others.resolve("precious"));
		Path arguments = Files.createFile(others.resolve("worker-1-2.args"));
		OwnedRunDirectory directory = create();
		Path path = directory.directory().path();
		Files.move(path, this.parent.resolve("moved"));
		Files.createSymbolicLink(path, others);
		closeUnseen(directory, root);
		assertThat(precious).exists();
		// as root not even that
		assertThat(Files.exists(arguments)).isEqualTo(root);
	}

	@Test
	void closeWhenTheDirectoryCannotBeSeenDeletesWhatMayBeInIt() throws IOException {
		OwnedRunDirectory directory = create();
		for (String name : List.of("master.sock", "passed.sock", "worker-1.args", "worker-23-2.args",
				"worker-4.classes", "compiler-123.json")) {
			Files.createFile(directory.directory().path().resolve(name));
		}
		closeUnseen(directory, false);
		assertThat(this.parent).isEmptyDirectory();
	}

	private void closeUnseen(OwnedRunDirectory directory, boolean root) throws IOException {
		try (MockedStatic<FileState> files = mockStatic(CALLS_REAL_METHODS)) {
			files.when(() -> FileState.of(argThat(this::isRunDirectory))).thenThrow(new IOException("Not permitted"));
			files.when(() -> FileState.isOwn(0)).thenReturn(root);
			directory.close();
		}
	}

	@Test
	void touchMakesTheFilesYoung() throws IOException {
		try (OwnedRunDirectory directory = create()) {
			Path path = directory.directory().path();
			FileTime old = FileTime.fromMillis(0);
			Files.setLastModifiedTime(path, old);
			directory.touch();
			assertThat(Files.getLastModifiedTime(path)).isGreaterThan(old);
			assertThat(directory.restore()).isEmpty();
			assertThat(Files.readString(path.resolve("lock")))
				.isEqualTo("cluster-spring-boot master " + ProcessHandle.current().pid() + "\n");
		}
	}

	@Test
	void deleteInWhenAnotherMasterLivesLeavesItsDirectoryUntilItIsKilled() throws Exception {
		Process master = holder();
		try {
			Path path = Path.of(firstLine(master));
			AbandonedRunDirectories.deleteIn(this.parent);
			assertThat(path).isDirectory();
			assertThat(path.resolve("lock")).exists();
			master.destroyForcibly().waitFor();
			AbandonedRunDirectories.deleteIn(this.parent);
			assertThat(path).doesNotExist();
		}
		finally {
			master.destroyForcibly().waitFor();
		}
	}

	@Test
	void createWhenMastersStartTogetherEachKeepsItsDirectory() throws Exception {
		List<Process> masters = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			masters.add(new ProcessBuilder(
					ChildJvm.command(RunDirectoryProbe.class, List.of(), this.parent.toString(), "300"))
				.redirectErrorStream(true)
				.start());
		}
		for (Process master : masters) {
			String output = new String(master.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(output).isEqualToIgnoringNewLines("300 kept");
			assertThat(master.waitFor()).isZero();
		}
		assertThat(this.parent).isEmptyDirectory();
	}

	private OwnedRunDirectory create() throws IOException {
		return OwnedRunDirectory.create(RunDirectoryPlaces.of(this.parent));
	}

	private List<Path> list() throws IOException {
		try (Stream<Path> files = Files.list(this.parent)) {
			return files.toList();
		}
	}

	private Process holder() throws IOException {
		return new ProcessBuilder(ChildJvm.command(RunDirectoryProbe.class, List.of(), this.parent.toString(), "0"))
			.redirectErrorStream(true)
			.start();
	}

	private static String firstLine(Process process) throws IOException {
		return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
	}

	/**
	 * Another master. With the second argument 0 it prints its directory and holds it
	 * until it is killed; otherwise it takes and gives back as many in turn, each of
	 * which it looks after for a moment.
	 */
	static final class RunDirectoryProbe {

		private RunDirectoryProbe() {
		}

		public static void main(String[] args) throws Exception {
			Path parent = Path.of(args[0]);
			int rounds = Integer.parseInt(args[1]);
			if (rounds == 0) {
				System.out.println(OwnedRunDirectory.create(RunDirectoryPlaces.of(parent)).directory().path());
				// the test kills this process
				Thread.sleep(Long.MAX_VALUE);
			}
			int kept = 0;
			for (int round = 0; round < rounds; round++) {
				try (OwnedRunDirectory directory = OwnedRunDirectory.create(RunDirectoryPlaces.of(parent))) {
					AbandonedRunDirectories.deleteIn(parent);
					// leaves the others time to take it for abandoned, if they are wrong
					Thread.sleep(1);
					kept += Files.exists(directory.directory().path().resolve("lock"), LinkOption.NOFOLLOW_LINKS) ? 1
							: 0;
				}
				catch (IOException ex) {
					System.out.println(ex);
				}
			}
			System.out.println(kept + " kept");
		}

	}

}
