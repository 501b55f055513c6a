package io.github.clusterboot.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.ipc.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OwnedRunDirectory}.
 */
class OwnedRunDirectoryTests {

	@TempDir
	Path parent;

	@Test
	void createMakesADirectoryThatOnlyItsUserCanEnter() throws IOException {
		try (OwnedRunDirectory directory = OwnedRunDirectory.create(this.parent)) {
			Path path = directory.directory().path();
			assertThat(path).isDirectory().hasParentRaw(this.parent);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
		}
	}

	@Test
	void createMakesAnotherDirectoryEachTime() throws IOException {
		try (OwnedRunDirectory first = OwnedRunDirectory.create(this.parent);
				OwnedRunDirectory second = OwnedRunDirectory.create(this.parent)) {
			assertThat(first.directory()).isNotEqualTo(second.directory());
			assertThat(first.directory().path()).exists();
		}
	}

	@Test
	void closeDeletesTheDirectoryAndMayBeCalledAgain() throws IOException {
		OwnedRunDirectory directory = OwnedRunDirectory.create(this.parent);
		Files.createFile(directory.directory().scoreboard());
		Files.createDirectory(directory.directory().path().resolve("nested"));
		Files.createFile(directory.directory().path().resolve("nested/file"));
		directory.close();
		assertThat(this.parent).isEmptyDirectory();
		directory.close();
	}

	@Test
	void createWhenAnAbandonedDirectoryIsThereDeletesIt() throws IOException {
		Path abandoned = Files.createDirectory(this.parent.resolve("cluster-boot-1"));
		Files.createFile(abandoned.resolve("lock"));
		Files.createFile(abandoned.resolve("master.sock"));
		Files.createDirectory(abandoned.resolve("nested"));
		Files.createFile(abandoned.resolve("nested/file"));
		try (OwnedRunDirectory directory = OwnedRunDirectory.create(this.parent)) {
			assertThat(list()).containsExactly(directory.directory().path());
		}
	}

	@Test
	void createWhenSomethingElseIsThereLeavesIt() throws IOException {
		Path other = Files.createDirectory(this.parent.resolve("other"));
		Files.createFile(other.resolve("lock"));
		Path withoutLock = Files.createDirectory(this.parent.resolve("cluster-boot-1"));
		Path file = Files.createFile(this.parent.resolve("cluster-boot-2"));
		Path link = Files.createSymbolicLink(this.parent.resolve("cluster-boot-3"), other);
		OwnedRunDirectory.create(this.parent).close();
		assertThat(list()).containsExactlyInAnyOrder(other, withoutLock, file, link);
		assertThat(other.resolve("lock")).exists();
	}

	@Test
	void createWhenAnAbandonedDirectoryHasALinkLeavesWhatItLinksTo() throws IOException {
		Path other = Files.createDirectory(this.parent.resolve("other"));
		Files.createFile(other.resolve("file"));
		Path abandoned = Files.createDirectory(this.parent.resolve("cluster-boot-1"));
		Files.createFile(abandoned.resolve("lock"));
		Files.createSymbolicLink(abandoned.resolve("link"), other);
		OwnedRunDirectory.create(this.parent).close();
		assertThat(abandoned).doesNotExist();
		assertThat(other.resolve("file")).exists();
	}

	@Test
	void createWhenAnotherMasterLivesLeavesItsDirectoryUntilItIsKilled() throws Exception {
		Process master = holder();
		try {
			Path path = Path.of(firstLine(master));
			OwnedRunDirectory.create(this.parent).close();
			assertThat(path).isDirectory();
			assertThat(path.resolve("lock")).exists();
			master.destroyForcibly().waitFor();
			OwnedRunDirectory.create(this.parent).close();
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

	@Test
	void createWhenTheTemporaryDirectoryIsTooDeepForASocketUsesAnother() throws IOException {
		Path deep = Files.createDirectories(this.parent.resolve("a".repeat(80)));
		String before = System.setProperty("java.io.tmpdir", deep.toString());
		try (OwnedRunDirectory directory = OwnedRunDirectory.create()) {
			assertThat(directory.directory().path().getParent()).isEqualTo(Path.of("/tmp"));
			assertThat(directory.directory().socket().toString().getBytes())
				.hasSizeLessThan(RunDirectory.MAX_SOCKET_PATH);
		}
		finally {
			System.setProperty("java.io.tmpdir", before);
		}
		assertThat(deep).isEmptyDirectory();
	}

	@Test
	void createWhenTheTemporaryDirectoryIsShortUsesIt() throws IOException {
		Path temporary = Files.createTempDirectory(Path.of("/tmp"), "t").toRealPath();
		String before = System.setProperty("java.io.tmpdir", temporary.toString());
		try (OwnedRunDirectory directory = OwnedRunDirectory.create()) {
			assertThat(directory.directory().path()).hasParentRaw(temporary);
		}
		finally {
			System.setProperty("java.io.tmpdir", before);
			Files.delete(temporary);
		}
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
				System.out.println(OwnedRunDirectory.create(parent).directory().path());
				// the test kills this process
				Thread.sleep(Long.MAX_VALUE);
			}
			int kept = 0;
			for (int round = 0; round < rounds; round++) {
				try (OwnedRunDirectory directory = OwnedRunDirectory.create(parent)) {
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
