package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link ClusterMaster} that has no room for its files, with
 * {@link MasterRunner}. Each cluster sees file systems that nobody else sees.
 */
@Timeout(120)
class FullDiskTests {

	/**
	 * Mounts file systems in a namespace of the process's own, with {@code $T} as the
	 * directory for temporary files, and becomes the command.
	 */
	private static final String IN_NAMESPACE = """
			for argument; do case "$argument" in -Djava.io.tmpdir=*) T=${argument#*=};; esac; done
			%s && exec "$@"
			""";

	/**
	 * Netty's library is in the user's caches then.
	 */
	private static final String READ_ONLY_TMP = "mount -t tmpfs -o mode=1777 tmpfs /mnt "
			+ "&& export XDG_CACHE_HOME=/mnt/caches && mount --bind /tmp /tmp && mount -o remount,ro,bind /tmp";

	@BeforeAll
	static void assumeNamespaces() throws Exception {
		OtherUser.assumeRoot();
		Assumptions.assumeTrue(
				new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt").start().waitFor() == 0,
				"This machine lets nobody mount anything");
	}

	/**
	 * Fault F7. The figures of the eighth worker are on a page that none had touched
	 * before.
	 */
	@Test
	void startOfAWorkerWhenTheDiskIsFullByThenSucceeds() throws Exception {
		try (MasterRunner master = start(
				"mount -t tmpfs -o size=2m,mode=1777 tmpfs \"$T\" && mount -t tmpfs -o size=1m,mode=1777 tmpfs /dev/shm")) {
			master.awaitRunning();
			String fill = "dd if=/dev/zero of=/dev/shm/fill bs=4k; dd if=/dev/zero of=" + master.temporaryDirectory()
					+ "/fill bs=4k; true";
			assertThat(new ProcessBuilder("nsenter", "-t", String.valueOf(master.pid()), "-m", "sh", "-c", fill)
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor()).isZero();
			ClusterView.Worker killed = master.worker(0);
			master.get("/resize/8");
			master.awaitReady(8);
			MasterRunner.signal("KILL", killed.pid());
			master.awaitExitOf(killed.id());
			master.awaitReady(8);
			assertThat(master.output()).noneMatch((line) -> line.contains("ERROR") || line.contains("SEVERE"));
		}
	}

	@Test
	void startWhenSharedMemoryIsFullKeepsTheScoreboardInTheRunDirectory() throws IOException {
		try (MasterRunner master = start("mount -t tmpfs -o size=16k,mode=1777 tmpfs /dev/shm")) {
			master.awaitRunning();
			// it has no name there either
			assertThat(Files.readSymbolicLink(ProcFs.descriptorOf(master.pid(), "/cluster-boot-.* \\(deleted\\)")))
				.asString()
				.startsWith(master.runDirectory() + "/cluster-boot-");
		}
	}

	/**
	 * Fault F7.
	 */
	@Test
	void startWhenThereIsNoRoomForTheScoreboardSaysSo() throws IOException {
		try (MasterRunner master = start(
				"mount -t tmpfs -o size=64k,mode=1777 tmpfs \"$T\" && mount -t tmpfs -o size=16k,mode=1777 tmpfs /dev/shm")) {
			assertThat(master.awaitExit()).isOne();
			assertThat(master.awaitOutput("There is no room for the .* bytes of the cluster's scoreboard"))
				.contains("/dev/shm: No space left on device")
				.contains(master.temporaryDirectory() + "/cluster-boot-");
		}
	}

	/**
	 * As in a pod whose root directory is read-only, with an {@code emptyDir} for
	 * temporary files.
	 */
	@Test
	void startWhenOthersCanReplaceWhatIsInTheTemporaryDirectoriesUsesSharedMemory() throws IOException {
		try (MasterRunner master = start(READ_ONLY_TMP
				+ " && mount -t tmpfs -o mode=777 tmpfs \"$T\" && mount -t tmpfs -o mode=1777 tmpfs /dev/shm")) {
			master.awaitRunning();
			Path sharedMemory = Path.of("/proc", String.valueOf(master.pid()), "root/dev/shm");
			try (Stream<Path> files = Files.list(sharedMemory)) {
				assertThat(files).singleElement()
					.satisfies((directory) -> assertThat(directory.resolve("master.sock")).exists());
			}
		}
	}

	/**
	 * Fault F9.
	 */
	@Test
	void startWhenNoDirectoryCanBeWrittenToNamesAll() throws IOException {
		try (MasterRunner master = start(READ_ONLY_TMP + " && mount -t tmpfs -o ro tmpfs /dev/shm")) {
			assertThat(master.awaitExit()).isOne();
			assertThat(master.awaitOutput("There is no directory for the files of the cluster"))
				.contains(master.temporaryDirectory() + ": ")
				.contains("; /tmp: ")
				.contains("; /dev/shm: ")
				.contains("Read-only file system");
		}
	}

	private static MasterRunner start(String mounts) throws IOException {
		List<String> command = new ArrayList<>(
				List.of("unshare", "-m", "sh", "-c", IN_NAMESPACE.formatted(mounts), "sh"));
		command.addAll(OrdinaryUser.command(List.of()));
		return MasterRunner.workers(1).concurrentStarts(4).through(command.toArray(String[]::new)).start();
	}

}
