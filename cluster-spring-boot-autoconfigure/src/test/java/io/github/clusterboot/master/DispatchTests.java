package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.dispatch.Handover;
import io.github.clusterboot.master.dispatch.StallDetector;
import io.github.clusterboot.master.supervise.Workers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how a {@link ClusterMaster} hands connections over and takes them back, with
 * {@link MasterRunner}.
 */
@Timeout(120)
class DispatchTests {

	@TempDir
	Path directory;

	@BeforeEach
	void letProcessesLookIntoDirectory() throws IOException {
		OrdinaryUser.own(this.directory);
	}

	/**
	 * Conformance row D1.
	 */
	@Test
	void connectGoesToTheWorkersInTurn() throws IOException {
		try (MasterRunner master = MasterRunner.workers(3).start().awaitRunning()) {
			List<String> answers = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				answers.add(master.get("/"));
			}
			assertThat(new TreeSet<>(answers.subList(0, 3))).containsExactly("1", "2", "3");
			for (int i = 3; i < answers.size(); i++) {
				assertThat(answers.get(i)).isEqualTo(answers.get(i - 3));
			}
		}
	}

	/**
	 * Conformance row D3. A worker that takes nothing gets its window full, once, and
	 * then nothing more.
	 */
	@Test
	void connectWhenAWorkerTakesNothingPassesItOver() throws IOException {
		Path hold = Files.createFile(this.directory.resolve("hold"));
		try (MasterRunner master = MasterRunner.workers(2).worker(0, "plain.hold=" + hold).start().awaitRunning()) {
			for (int i = 0; i < 50; i++) {
				assertThat(master.get("/")).isEqualTo("2");
			}
			assertThat(master.count("worker 1 .* does not take its connections")).isOne();
			assertThat(master.worker(0).connections().total()).isZero();
			assertThat(master.worker(0).state()).isEqualTo(WorkerState.READY);
			Files.delete(hold);
			master.awaitOutput("worker 1 .* takes connections again");
			assertThat(askTogether(master, 4)).contains("1", "2");
		}
	}

	/**
	 * Conformance rows D3 and D7. While no worker has room the master neither spins nor
	 * queues: what comes waits with the kernel.
	 */
	@Test
	void connectWhenAllWorkersAreFullWaitsWithTheKernel() throws Exception {
		Path hold = Files.createFile(this.directory.resolve("hold"));
		try (MasterRunner master = MasterRunner.workers(2).worker("plain.hold=" + hold).start()) {
			master.awaitRunning();
			long descriptorsBefore = ProcFs.descriptors(master.pid());
			List<CompletableFuture<String>> answers = new ArrayList<>();
			while (answers.size() < 300) {
				answers.add(master.getLater("/"));
			}
			master.awaitOutput("worker 1 .* does not take its connections");
			master.awaitOutput("worker 2 .* does not take its connections");
			long descriptors = ProcFs.descriptors(master.pid());
			assertThat(descriptors - descriptorsBefore).isLessThanOrEqualTo(2 * Handover.WINDOW + 1);
			Duration cpuBefore = ProcFs.cpuTime(master.pid());
			Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
			assertThat(ProcFs.cpuTime(master.pid()).minus(cpuBefore)).isLessThan(Duration.ofMillis(200));
			assertThat(ProcFs.descriptors(master.pid())).isEqualTo(descriptors);
			assertThat(answers).noneMatch(CompletableFuture::isDone);
			Files.delete(hold);
			answers.forEach((answer) -> assertThat(answer.join()).isIn("1", "2"));
			// the JVM itself opens files of its control group for a moment, then and now
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(
						() -> assertThat(ProcFs.descriptors(master.pid())).isLessThanOrEqualTo(descriptorsBefore));
		}
	}

	/**
	 * The worker that has handed back does not read on.
	 */
	@Test
	void handBackIsHandedOverAgain() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning();
				PlainClient client = PlainClient.connect(master.port())) {
			client.ask("/hand-back");
			client.awaitContinue();
			client.ask("/");
			assertThat(client.answer()).isIn("1", "2");
		}
	}

	/**
	 * Conformance row D3. Workers that are busy, but not stuck, stay full for the whole
	 * time.
	 */
	@Test
	void connectWhenAllWorkersAreBusyDoesNotSpin() throws Exception {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			List<CompletableFuture<String>> answers = new ArrayList<>();
			Duration cpuBefore = ProcFs.cpuTime(master.pid());
			while (answers.size() < 160) {
				answers.add(master.getLater("/slow/25"));
			}
			answers.forEach((answer) -> assertThat(answer.join()).isIn("1", "2"));
			assertThat(ProcFs.cpuTime(master.pid()).minus(cpuBefore)).isLessThan(Duration.ofMillis(700));
			assertThat(master.view().listeners().get(0).accepted()).isGreaterThanOrEqualTo(160);
		}
	}

	/**
	 * Conformance row D4.
	 */
	@Test
	void connectWhenAWorkerIsStoppedAndKilledIsAnsweredByOthersInTime() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			ClusterView.Worker stopped = master.worker(1);
			MasterRunner.signal("STOP", stopped.pid());
			List<PlainClient> clients = connect(master, 8);
			long connected = System.nanoTime();
			MasterRunner.signal("KILL", stopped.pid());
			for (PlainClient client : clients) {
				assertThat(client.answer()).isIn("1", "3");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - connected)).isLessThan(Duration.ofSeconds(2));
		}
	}

	/**
	 * Conformance row D4.
	 */
	@Test
	void connectWhenAWorkerIsStoppedAndGoesOnIsAnsweredOnce() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			ClusterView.Worker stopped = master.worker(1);
			MasterRunner.signal("STOP", stopped.pid());
			long connected = System.nanoTime();
			List<PlainClient> clients = connect(master, 8);
			for (PlainClient client : clients) {
				assertThat(client.answer()).isEqualTo("1");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - connected)).isLessThan(Duration.ofSeconds(2));
			MasterRunner.signal("CONT", stopped.pid());
			master.awaitOutput("worker 2 .* takes connections again");
			assertThat(askTogether(master, 6)).contains("1", "2");
			assertEachTakenOnce(master);
		}
	}

	/**
	 * Conformance row D4. The worker goes on at the very time at which the master takes
	 * its connections back.
	 */
	@Test
	void connectWhenAWorkerGoesOnWhileItsConnectionsAreTakenBackIsAnsweredOnce() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			for (int round = 0; round < 6; round++) {
				long pid = master.worker(0).pid();
				MasterRunner.signal("STOP", pid);
				List<PlainClient> clients = connect(master, 20);
				long pause = StallDetector.PATIENCE.toMillis() - 50 + 30 * round;
				Awaitility.await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
				MasterRunner.signal("CONT", pid);
				for (PlainClient client : clients) {
					assertThat(client.answer()).isIn("1", "2");
				}
				Awaitility.await().atMost(MasterRunner.PATIENCE).until(() -> askTogether(master, 4).contains("1"));
			}
			assertEachTakenOnce(master);
		}
	}

	private static void assertEachTakenOnce(MasterRunner master) {
		ClusterView view = master.view();
		assertThat(view.listeners().get(0).waiting()).isZero();
		assertThat(view.workers().stream().mapToLong((worker) -> worker.connections().total()).sum())
			.isEqualTo(view.listeners().get(0).accepted());
	}

	/**
	 * Conformance row D5. The worker says that it drains while connections wait for it.
	 */
	@Test
	void connectWhenAWorkerDrainsGoesToAnother() throws IOException {
		Path drain = this.directory.resolve("drain");
		try (MasterRunner master = MasterRunner.workers(2).worker("plain.drain=" + drain).start().awaitRunning()) {
			CompletableFuture<String> draining = master.askLater("/drain");
			List<CompletableFuture<String>> answers = new ArrayList<>();
			for (int i = 0; i < 9; i++) {
				answers.add(master.askLater("/"));
			}
			// in turn: when the other worker has answered its share, the rest waits for
			// the one that is about to drain
			Awaitility.await()
				.atMost(MasterRunner.PATIENCE)
				.until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= 4);
			assertThat(answers).filteredOn((answer) -> !answer.isDone()).hasSizeGreaterThanOrEqualTo(4);
			Files.createFile(drain);
			List<String> others = answers.stream().map(CompletableFuture::join).distinct().toList();
			assertThat(others).hasSize(1);
			assertThat(draining).isNotDone();
			for (int i = 0; i < 10; i++) {
				assertThat(master.get("/")).isEqualTo(others.get(0));
			}
			Files.delete(drain);
			assertThat(draining.join()).isNotEqualTo(others.get(0));
			assertThat(master.events(ClusterEventType.WORKER_DRAINING)).hasSize(1);
		}
	}

	/**
	 * Conformance row D6.
	 */
	@Test
	void acceptWhenDescriptorsAreShortPausesAndResumes() throws Exception {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			int open = (int) ProcFs.descriptors(master.pid());
			limitDescriptors(master.pid(), String.valueOf(open));
			List<CompletableFuture<String>> answers = new ArrayList<>();
			while (answers.size() < 100) {
				answers.add(master.getLater("/"));
			}
			master.awaitOutput("Cannot accept connections on 'server' for now");
			Duration cpuBefore = ProcFs.cpuTime(master.pid());
			Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
			assertThat(ProcFs.cpuTime(master.pid()).minus(cpuBefore)).isLessThan(Duration.ofMillis(200));
			assertThat(answers).noneMatch(CompletableFuture::isDone);
			limitDescriptors(master.pid(), "1000");
			answers.forEach((answer) -> assertThat(answer.join()).isIn("1", "2"));
			assertThat(master.count("Cannot accept connections")).isOne();
		}
	}

	/**
	 * Conformance row D6. The kernel lets a user have no more descriptors in flight than
	 * its limit of open ones, see {@code ETOOMANYREFS} in {@code unix(7)}, unless it is
	 * privileged.
	 */
	@Test
	void handOverWhenTooManyDescriptorsAreInFlightWaits() throws Exception {
		try (MasterRunner master = MasterRunner.workers(4).start().awaitRunning()) {
			limitDescriptors(master.pid(), "80");
			List<CompletableFuture<String>> answers = new ArrayList<>();
			while (answers.size() < 200) {
				answers.add(master.getLater("/slow/40"));
			}
			answers.forEach((answer) -> assertThat(answer.join()).isIn("1", "2", "3", "4"));
			limitDescriptors(master.pid(), "1000");
			assertThat(askTogether(master, 8)).contains("1", "2", "3", "4");
		}
	}

	/**
	 * Conformance row D6, for a worker: as its own server would, it leaves connections
	 * alone that it has no descriptor for.
	 */
	@Test
	void takeWhenAWorkerIsShortOfDescriptorsLeavesConnectionsToTheMaster() throws Exception {
		try (MasterRunner master = MasterRunner.workers(1).start().awaitRunning()) {
			long pid = master.worker(0).pid();
			master.get("/");
			limitDescriptors(pid, String.valueOf(ProcFs.descriptors(pid)));
			List<CompletableFuture<String>> answers = new ArrayList<>();
			while (answers.size() < 30) {
				answers.add(master.getLater("/"));
			}
			Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
			assertThat(answers).noneMatch(CompletableFuture::isDone);
			limitDescriptors(pid, "1000");
			answers.forEach((answer) -> assertThat(answer.join()).isEqualTo("1"));
			assertEachTakenOnce(master);
		}
	}

	/**
	 * Sets the soft limit only, which can be raised again without a privilege. For
	 * another user's process even root needs {@code CAP_SYS_RESOURCE}, see
	 * {@code prlimit(2)}.
	 */
	private static void limitDescriptors(long pid, String limit) throws Exception {
		List<String> prlimit = List.of("prlimit", "--pid", String.valueOf(pid), "--nofile=" + limit + ":");
		assertThat(new ProcessBuilder(OrdinaryUser.command(prlimit)).inheritIO().start().waitFor()).isZero();
	}

	private static List<PlainClient> connect(MasterRunner master, int count) throws IOException {
		List<PlainClient> clients = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			PlainClient client = master.connect();
			client.ask("/");
			clients.add(client);
		}
		return clients;
	}

	private static List<String> askTogether(MasterRunner master, int count) {
		List<CompletableFuture<String>> answers = new ArrayList<>();
		while (answers.size() < count) {
			answers.add(master.getLater("/"));
		}
		return answers.stream().map(CompletableFuture::join).toList();
	}

}
