package io.github.clusterboot.master;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.OtherUser;
import io.github.clusterboot.os.FileState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@code docs/security.md} says of other users of the machine: root and
 * another user each run a cluster, both with the same directory for temporary files, and
 * a third user tries what the page says cannot be done.
 */
@Timeout(180)
class OtherUsersTests {

	private static final String DENIED = "Permission denied";

	private static Path shared;

	private static String classPath;

	private static MasterRunner root;

	private static MasterRunner nobody;

	@BeforeAll
	static void start() throws IOException {
		OtherUser.assumeRoot();
		shared = Files.createTempDirectory(Path.of("/tmp"), "cluster-users-");
		Files.setAttribute(shared, "unix:mode", 01777);
		classPath = readableClassPath();
		root = MasterRunner.workers(1).through().temporary(shared).startWithoutArchives(classPath).awaitRunning();
		nobody = startAs(OtherUser.NOBODY).awaitRunning();
	}

	/**
	 * The build's files may be in a directory of root's own.
	 */
	private static String readableClassPath() throws IOException {
		Path directory = Files.createDirectory(shared.resolve("class-path"));
		List<String> copies = new ArrayList<>();
		for (String entry : ChildJvm.classPath().split(File.pathSeparator)) {
			Path source = Path.of(entry);
			Path copy = directory.resolve(source.getFileName());
			try (Stream<Path> files = Files.walk(source)) {
				for (Path file : files.toList()) {
					Files.copy(file, copy.resolve(source.relativize(file).toString()),
							StandardCopyOption.REPLACE_EXISTING);
				}
			}
			copies.add(copy.toString());
		}
		assertThat(new ProcessBuilder("chmod", "-R", "a+rX", directory.toString()).start())
			.satisfies((chmod) -> assertThat(chmod.waitFor()).isZero());
		return String.join(File.pathSeparator, copies);
	}

	private static MasterRunner startAs(OtherUser user) throws IOException {
		return MasterRunner.workers(1).through(user.prefix()).temporary(shared).startWithoutArchives(classPath);
	}

	@AfterAll
	static void stop() throws IOException, InterruptedException {
		if (shared == null) {
			return;
		}
		try (MasterRunner first = nobody; MasterRunner second = root) {
			assertThat(runDirectories()).hasSize(2);
		}
		finally {
			new ProcessBuilder("rm", "-rf", shared.toString()).start().waitFor();
		}
	}

	@ParameterizedTest
	@EnumSource
	void filesOfAClusterCanBeReachedByNobodyElse(Victim victim) throws IOException {
		Path directory = victim.directory();
		for (String attempt : List.of("ls " + directory, "cat " + directory + "/lock",
				"stat " + directory + "/master.sock", "touch " + directory + "/worker-0.args")) {
			OtherUser.Outcome outcome = OtherUser.SECOND.run(attempt);
			assertThat(outcome.exitCode()).as(attempt).isNotZero();
			assertThat(outcome.output()).as(attempt).contains(DENIED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void filesOfAClusterCanBeDeletedByNobodyElse(Victim victim) throws IOException {
		Path directory = victim.directory();
		OtherUser.SECOND.run("rm -rf " + directory + "; mv " + directory + " " + shared + "/moved; rmdir " + directory);
		assertThat(directory.resolve("lock")).exists();
		assertThat(directory.resolve("master.sock")).exists();
	}

	@ParameterizedTest
	@EnumSource
	void memoryAndEnvironmentOfAClusterCanBeReadByNobodyElse(Victim victim) throws IOException {
		long pid = victim.master().pid();
		long worker = victim.master().worker(0).pid();
		for (String attempt : List.of("ls /proc/" + pid + "/fd", "cat /proc/" + pid + "/environ",
				"cat /proc/" + worker + "/environ", "cat /proc/" + worker + "/maps")) {
			OtherUser.Outcome outcome = OtherUser.SECOND.run(attempt);
			assertThat(outcome.exitCode()).as(attempt).isNotZero();
			assertThat(outcome.output()).as(attempt).contains(DENIED);
		}
		assertThat(OtherUser.SECOND.run("ls /dev/shm").output()).doesNotContain("cluster-boot-");
	}

	@ParameterizedTest
	@EnumSource
	void processesOfAClusterCanBeSignalledByNobodyElse(Victim victim) throws IOException {
		long pid = victim.master().pid();
		OtherUser.Outcome outcome = OtherUser.SECOND.run("kill -HUP " + pid);
		assertThat(outcome.exitCode()).isNotZero();
		assertThat(victim.master().view().generation()).isOne();
	}

	/**
	 * Faults C1 and C2, as two users and root.
	 */
	@Test
	void startWhenAnotherUserHasLaidTrapsIsAsFastAndTouchesNothing() throws Exception {
		Path victim = Files.createDirectory(shared.resolve("victim"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		Files.createFile(victim.resolve("file"));
		String traps = "cd " + shared + " && umask 077 && mkdir cluster-boot-1 cluster-boot-2 cluster-boot-3"
				+ " && mkfifo cluster-boot-1/lock"
				+ " && echo 'cluster-spring-boot master 1' > cluster-boot-2/lock && ln -s " + victim
				+ " cluster-boot-2/link && ln -s " + victim + " cluster-boot-4"
				+ " && echo 'cluster-spring-boot master 1' > cluster-boot-3/lock && chmod 777 cluster-boot-3";
		String removal = "rm -r " + shared + "/cluster-boot-[1-4]";
		assertThat(OtherUser.SECOND.run(traps)).isEqualTo(new OtherUser.Outcome(0, ""));
		try (MasterRunner another = MasterRunner.workers(1)
			.through()
			.temporary(shared)
			.startWithoutArchives(classPath)) {
			another.awaitRunning();
		}
		try (MasterRunner another = startAs(OtherUser.NOBODY)) {
			another.awaitRunning();
		}
		assertThat(victim.resolve("file")).exists();
		assertThat(shared.resolve("cluster-boot-1/lock")).exists();
		assertThat(shared.resolve("cluster-boot-2/lock")).exists();
		assertThat(shared.resolve("cluster-boot-3/lock")).exists();
		assertThat(OtherUser.SECOND.run("rm -r " + shared + "/cluster-boot-[1-4]"))
			.isEqualTo(new OtherUser.Outcome(0, ""));
	}

	/**
	 * Fault C1: root deletes nothing of others, not even what is abandoned. Its own user
	 * does.
	 */
	@Test
	void startWhenAnotherUsersMasterWasKilledLeavesItsDirectoryToThatUser() throws IOException {
		Path left;
		try (MasterRunner killed = startAs(OtherUser.SECOND)) {
			killed.awaitRunning();
			left = Victim.directoryOf(OtherUser.SECOND.id());
			killed.signal("KILL");
			killed.awaitExit();
			killed.awaitNoProcess();
		}
		AbandonedRunDirectories.deleteIn(shared);
		assertThat(left.resolve("lock")).exists();
		try (MasterRunner next = startAs(OtherUser.SECOND)) {
			next.awaitRunning();
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.notExists(left));
		}
	}

	private static List<Path> runDirectories() throws IOException {
		try (Stream<Path> files = Files.list(shared)) {
			return files.filter((file) -> file.getFileName().toString().startsWith(RunDirectoryPlaces.PREFIX)).toList();
		}
	}

	/**
	 * Whose cluster is attacked.
	 */
	enum Victim {

		ROOT(0),

		NOBODY(OtherUser.NOBODY.id());

		private final int uid;

		Victim(int uid) {
			this.uid = uid;
		}

		private MasterRunner master() {
			return (this == ROOT) ? root : nobody;
		}

		private Path directory() throws IOException {
			return directoryOf(this.uid);
		}

		private static Path directoryOf(int uid) throws IOException {
			return runDirectories().stream().filter((path) -> uidOf(path) == uid).findFirst().orElseThrow();
		}

		private static int uidOf(Path path) {
			try {
				return FileState.of(path).uid();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
