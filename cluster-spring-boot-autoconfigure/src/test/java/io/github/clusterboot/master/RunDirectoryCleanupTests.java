package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link ClusterMaster} whose temporary files are cleaned up while it runs,
 * with {@link MasterRunner}.
 */
@Timeout(240)
class RunDirectoryCleanupTests {

	private static final Duration CLEANING = Duration.ofSeconds(Boolean.getBoolean("it.long") ? 60 : 6);

	private static final String MADE_AGAIN = "has been recreated";

	@TempDir
	Path scratch;

	/**
	 * Fault F3: {@code systemd-tmpfiles} with an age of one second, each second.
	 */
	@Test
	void cleanUpWhenSystemdDoesItGoesUnnoticed() throws Exception {
		Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-tmpfiles")),
				"systemd-tmpfiles is not installed");
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning(); Cleaner cleaner = clean(master)) {
			Path witness = Files.createFile(master.temporaryDirectory().resolve("witness"));
			long end = System.nanoTime() + CLEANING.toNanos();
			int rounds = 0;
			while (System.nanoTime() < end) {
				CompletableFuture<String> busy = master.getLater("/slow/500");
				master.kill(master.workers().get(rounds % 2));
				master.awaitReady(2);
				master.signal("HUP");
				int completed = ++rounds;
				master.awaitView((view) -> assertThat(master.events(ClusterEventType.RESTART_COMPLETED))
					.hasSizeGreaterThanOrEqualTo(completed));
				master.awaitReady(2);
				// its worker may be the one that was killed
				busy.handle((answer, failure) -> answer).join();
			}
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> Files.notExists(witness));
			cleaner.assertUsed();
			assertThat(master.output()).noneMatch((line) -> line.contains(MADE_AGAIN))
				.noneMatch((line) -> line.contains("ERROR") || line.contains("SEVERE"));
			assertThat(master.events(ClusterEventType.RESTART_ROLLED_BACK)).isEmpty();
		}
	}

	/**
	 * Fault F3: {@code rm -rf} of the run directory. It is there again before anybody
	 * needs it, and a worker that was started before still hands back to it.
	 */
	@Test
	void deleteWhenSomebodyDeletesTheRunDirectoryMakesItAgain() throws Exception {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			Path directory = master.runDirectory();
			deleteTree(directory);
			master.awaitOutput(Pattern.quote("The run directory " + directory) + " .*" + MADE_AGAIN
					+ " \\(missing: the directory, the lock, the socket\\)");
			assertThat(master.runDirectory()).isEqualTo(directory);
			try (PlainClient client = master.connect()) {
				client.ask("/hand-back");
				client.awaitContinue();
				client.ask("/");
				assertThat(client.answer()).isIn("1", "2");
			}
			master.kill(master.worker(0));
			master.awaitReady(2);
			master.signal("HUP");
			master.awaitView((view) -> assertThat(master.events(ClusterEventType.RESTART_COMPLETED)).isNotEmpty());
			assertThat(master.count(MADE_AGAIN)).isOne();
		}
	}

	/**
	 * Fault F3: a start does not wait for the next look.
	 */
	@Test
	void deleteWhenAWorkerIsStartedAtOnceMakesItAgainFirst() throws Exception {
		try (MasterRunner master = MasterRunner.workers(1).start().awaitRunning()) {
			for (int i = 0; i < 3; i++) {
				ClusterView.Worker worker = master.worker(0);
				deleteTree(master.runDirectory());
				MasterRunner.signal("KILL", worker.pid());
				master.awaitView((view) -> assertThat(view.workers())
					.anyMatch((other) -> other.id() > worker.id() && other.readyTime() != null));
			}
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).hasSize(3);
		}
	}

	private static void deleteTree(Path directory) throws Exception {
		assertThat(new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor()).isZero();
	}

	private Cleaner clean(MasterRunner master) throws IOException {
		Path configuration = this.scratch.resolve("clean.conf");
		Files.writeString(configuration, "d " + master.temporaryDirectory() + " - - - 1s\n");
		return new Cleaner(configuration);
	}

	/**
	 * Cleans up each second.
	 */
	private static final class Cleaner implements AutoCloseable {

		private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

		private final Path configuration;

		private volatile int failures;

		private volatile int successes;

		private Cleaner(Path configuration) {
			this.configuration = configuration;
			this.timer.scheduleAtFixedRate(this::clean, 0, 1, TimeUnit.SECONDS);
		}

		private void clean() {
			try {
				int exitCode = new ProcessBuilder("systemd-tmpfiles", "--clean", this.configuration.toString())
					.redirectErrorStream(true)
					.redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.start()
					.waitFor();
				if (exitCode == 0) {
					this.successes++;
				}
				else {
					this.failures++;
				}
			}
			catch (IOException | InterruptedException ex) {
				this.failures++;
			}
		}

		private void assertUsed() {
			assertThat(this.failures).isZero();
			assertThat(this.successes).isGreaterThanOrEqualTo((int) CLEANING.toSeconds() - 2);
		}

		@Override
		public void close() throws InterruptedException {
			this.timer.shutdown();
			this.timer.awaitTermination(10, TimeUnit.SECONDS);
		}

	}

}
