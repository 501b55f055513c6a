package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a {@link ClusterMaster} whose surroundings fail it, with
 * {@link MasterRunner}.
 */
@Timeout(120)
class SurroundingsTests {

	private static final Duration LONG_DELAY = Duration.ofMinutes(5);

	@TempDir
	private Path directory;

	private Path fault;

	@BeforeEach
	void nameFault() throws IOException {
		OrdinaryUser.own(this.directory);
		this.fault = this.directory.resolve("fault");
	}

	@AfterEach
	void mend() throws IOException {
		Files.deleteIfExists(this.fault);
	}

	/**
	 * Fault F1.
	 */
	@Test
	void terminateWhenTheKernelRefusesTheFilterAnswersWhatItHasAccepted() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			List<CompletableFuture<Integer>> clients = Stream.generate(() -> master.getUntilRefused("/"))
				.limit(4)
				.toList();
			CompletableFuture<String> slow = master.getLater("/slow/500");
			master.awaitView((view) -> assertThat(view.listeners().get(0).accepted()).isGreaterThanOrEqualTo(100));
			master.signal("TERM");
			assertThat(slow.join()).isIn("1", "2");
			assertThat(master.awaitExit()).isEqualTo(143);
			// in the last moment a connection may be reset
			assertThat(clients).allSatisfy((client) -> assertThat(
					client.handle((count, failure) -> count != null || failure.getCause() instanceof IOException)
						.join())
				.isTrue());
		}
	}

	/**
	 * Fault F6.
	 */
	@Test
	void restartWhenNewWorkersLeaveSoonIsRolledBack() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.worker("plain.leave-if=" + this.fault)
			.drainTimeout(Duration.ofSeconds(30))
			.start()
			.awaitRunning()) {
			Files.createFile(this.fault);
			master.signal("HUP");
			ClusterView after = master.awaitView((view) -> {
				assertThat(view.lastRestart()).isNotNull();
				assertThat(view.lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
			});
			assertThat(after.size().ready()).isEqualTo(2);
			assertThat(after.workers()).allMatch((worker) -> worker.generation() == 1);
			assertThat(master.events(ClusterEventType.WORKER_EXITED))
				.allMatch((event) -> event.reason() == ExitReason.START_FAILED && event.exitCode() == 0);
		}
	}

	/**
	 * Fault F6.
	 */
	@Test
	void startWhenAReplacementLeavesSoonDoesNotStopTheCluster() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.worker("plain.leave-if=" + this.fault)
			.drainTimeout(Duration.ofSeconds(30))
			.start()
			.awaitRunning()) {
			Files.createFile(this.fault);
			master.kill(master.worker(0));
			master.awaitOutput("has exited with code 0 \\(START_FAILED\\)");
			Files.delete(this.fault);
			assertThat(master.awaitReady(2).state()).isEqualTo(ClusterState.RUNNING);
		}
	}

	@Test
	void startWhenEveryWorkerLeavesSoonIsTheChoiceOfTheApplication() throws IOException {
		Files.createFile(this.fault);
		try (MasterRunner master = MasterRunner.workers(2).worker("plain.leave-if=" + this.fault).start()) {
			assertThat(master.awaitExit()).isZero();
		}
	}

	/**
	 * Fault F8.
	 */
	@Test
	void hangUpEndsTheDelayOfACrashLoop() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.worker(1, "plain.fail-if=" + this.fault)
			.restart(LONG_DELAY, 1, LONG_DELAY, LONG_DELAY)
			.start()
			.awaitRunning()) {
			Files.createFile(this.fault);
			master.kill(master.worker(1));
			master.awaitOutput("a new worker is started in 300.0 s");
			Files.delete(this.fault);
			master.signal("HUP");
			ClusterView after = master.awaitReady(2);
			assertThat(after.workers()).extracting(ClusterView.Worker::index).contains(1);
		}
	}

	/**
	 * Fault A8.
	 */
	@Test
	void startWhenNoWorkerHasEverBeenReadyStartsOneAndDoesNotKillIt() throws IOException {
		Files.createFile(this.fault);
		try (MasterRunner master = MasterRunner.workers(3)
			.firstAlone()
			.worker("plain.slow-start=" + this.fault)
			.startTimeout(Duration.ofSeconds(5))
			.start()) {
			master.awaitOutput("worker 1 .* is not ready after 5\\.\\d s. It is not killed");
			assertThat(ProcFs.processesWith(master.temporaryDirectory().toString())).hasSize(2);
			Files.delete(this.fault);
			master.awaitRunning();
			assertThat(master.count("has exited")).isZero();
			List<Integer> started = master.events(ClusterEventType.WORKER_STARTED)
				.stream()
				.map((event) -> event.worker().id())
				.toList();
			assertThat(started).containsExactly(1, 2, 3);
			assertThat(master.events()
				.stream()
				.filter((event) -> event.type() == ClusterEventType.WORKER_READY
						|| event.type() == ClusterEventType.WORKER_STARTED)
				.limit(2)
				.map((event) -> event.type() + " " + event.worker().id()))
				.containsExactly("WORKER_STARTED 1", "WORKER_READY 1");
		}
	}

	/**
	 * Fault A9.
	 */
	@Test
	void startWhenOnlyOneWorkerCanExistDiagnosesItOnceAndKeepsQuiet() throws IOException {
		Files.createFile(this.fault);
		try (MasterRunner master = MasterRunner.workers(2)
			.firstAlone()
			.worker(1, "plain.fail-if=" + this.fault)
			.restart(Duration.ofMillis(10), 1, Duration.ofMillis(10), LONG_DELAY)
			.start()) {
			master.awaitOutput("Workers fail to start while another one serves, 3 times in a row for the same reason");
			assertThat(master.view().state()).isEqualTo(ClusterState.DEGRADED);
			long told = master.count("plain worker \\d+ fails");
			long attempts = master.count("has exited with code 1 \\(START_FAILED\\)");
			Awaitility.await()
				.atMost(MasterRunner.PATIENCE)
				.until(() -> master.count("has exited with code 1 \\(START_FAILED\\)") >= attempts + 3);
			assertThat(master.count("plain worker \\d+ fails")).isLessThanOrEqualTo(told + 1);
			assertThat(master.count("Workers fail to start")).isOne();
			Files.delete(this.fault);
			assertThat(master.awaitReady(2).state()).isEqualTo(ClusterState.RUNNING);
		}
	}

}
