package io.github.clusterboot.master;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.supervise.Workers;
import io.github.clusterboot.os.NativeTransport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the promises of a {@link ClusterMaster} with other policies than round robin,
 * which {@link DispatchTests} has, with {@link MasterRunner}.
 */
@Timeout(120)
class SchedulingTests {

	@TempDir
	Path directory;

	@BeforeEach
	void letProcessesLookIntoDirectory() throws IOException {
		OrdinaryUser.own(this.directory);
	}

	@BeforeAll
	static void loadTransport() {
		NativeTransport.load();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "SOURCE_HASH")
	void connectGoesToAllWorkers(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			assertThat(master.view().scheduling()).isEqualTo(scheduling);
			long before = master.view().listeners().get(0).accepted();
			List<String> answers = new ArrayList<>();
			while (answers.size() < 60) {
				answers.addAll(askTogether(master, 6));
			}
			assertThat(answers).contains("1", "2");
			assertThat(master.view().listeners().get(0).accepted()).isGreaterThanOrEqualTo(before + 60);
			assertEachTakenOnce(master);
		}
	}

	@Test
	void connectWhenTheAddressDecidesGoesToOneWorker() throws IOException {
		try (MasterRunner master = start(Scheduling.SOURCE_HASH)) {
			String worker = master.get("/");
			assertThat(askTogether(master, 50)).containsOnly(worker);
			master.kill(withId(master, worker));
			master.awaitReady(2);
			// the replacement has the index, which counts
			assertThat(askTogether(master, 10)).containsOnly("3");
		}
	}

	/**
	 * Conformance row D4.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void connectWhenAWorkerIsStoppedAndKilledIsAnsweredByOthersInTime(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			ClusterView.Worker stopped = withId(master, master.get("/"));
			MasterRunner.signal("STOP", stopped.pid());
			List<PlainClient> clients = connect(master, 24);
			long connected = System.nanoTime();
			MasterRunner.signal("KILL", stopped.pid());
			for (PlainClient client : clients) {
				assertThat(client.answer()).isNotEqualTo(String.valueOf(stopped.id()));
			}
			assertThat(Duration.ofNanos(System.nanoTime() - connected)).isLessThan(Duration.ofSeconds(2));
		}
	}

	/**
	 * Conformance row D4.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SOURCE_HASH", "SHARED", "REUSE_PORT" })
	void connectWhenAWorkerIsStoppedAndGoesOnIsAnsweredOnce(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			ClusterView.Worker stopped = withId(master, master.get("/"));
			MasterRunner.signal("STOP", stopped.pid());
			List<PlainClient> clients = connect(master, 24);
			long connected = System.nanoTime();
			for (PlainClient client : clients) {
				assertThat(client.answer()).isNotEqualTo(String.valueOf(stopped.id()));
			}
			assertThat(Duration.ofNanos(System.nanoTime() - connected)).isLessThan(Duration.ofSeconds(2));
			MasterRunner.signal("CONT", stopped.pid());
			Awaitility.await()
				.atMost(MasterRunner.PATIENCE)
				.until(() -> askTogether(master, 6).contains(String.valueOf(stopped.id())));
			assertEachTakenOnce(master);
		}
	}

	/**
	 * Conformance row P10.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void connectWhenAllWorkersAreKilledWaitsForTheirReplacements(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			master.workers().forEach((worker) -> MasterRunner.signal("KILL", worker.pid()));
			assertThat(askTogether(master, 20)).allMatch((answer) -> Integer.parseInt(answer) > 2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void connectWhenAWorkerRefusesTrafficGoesToAnother(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			String refusing = master.get("/refuse");
			master.awaitOutput("worker " + refusing + " .* is out of service");
			assertThat(askTogether(master, 20)).doesNotContain(refusing);
			MasterRunner.signal("USR2", withId(master, refusing).pid());
			master.awaitReady(2);
			Awaitility.await().atMost(MasterRunner.PATIENCE).until(() -> askTogether(master, 8).contains(refusing));
		}
	}

	/**
	 * Conformance row P6.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void listenWhenAWorkerClosesItsServerAndListensAgainFailsNobody(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			for (int round = 0; round < 10; round++) {
				List<CompletableFuture<String>> answers = new ArrayList<>();
				for (int client = 0; client < 10; client++) {
					answers.add(master.getLater((client % 4 == 0) ? "/relisten" : "/"));
				}
				answers.forEach((answer) -> assertThat(answer.join()).isIn("1", "2"));
			}
			assertEachTakenOnce(master);
		}
	}

	/**
	 * Conformance row D3. Workers that take nothing leave the connections to the kernel.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void connectWhenNoWorkerTakesAnythingWaitsWithTheKernel(Scheduling scheduling) throws IOException {
		Path hold = Files.createFile(this.directory.resolve("hold"));
		try (MasterRunner master = MasterRunner.workers(2)
			.scheduling(scheduling)
			.worker("plain.hold=" + hold)
			.start()
			.awaitRunning()) {
			List<CompletableFuture<String>> answers = Stream.generate(() -> master.getLater("/")).limit(100).toList();
			Duration cpuBefore = ProcFs.cpuTime(master.pid());
			Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
			assertThat(ProcFs.cpuTime(master.pid()).minus(cpuBefore)).isLessThan(Duration.ofMillis(300));
			assertThat(answers).noneMatch(CompletableFuture::isDone);
			Files.delete(hold);
			answers.forEach((answer) -> assertThat(answer.join()).isIn("1", "2"));
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "ROUND_ROBIN")
	void restartWhileClientsKeepConnectingFailsNobody(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			List<CompletableFuture<Integer>> clients = Stream.generate(() -> master.getUntilRefused("/"))
				.limit(6)
				.toList();
			master.signal("HUP");
			master.awaitOutput("Every worker belongs to generation 2");
			master.signal("TERM");
			assertThat(clients).allSatisfy((client) -> assertThat(client.join()).isPositive());
			assertThat(master.awaitExit()).isEqualTo(143);
		}
	}

	/**
	 * Conformance row L5. The port is free for another cluster although a busy worker
	 * holds a socket.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void killOfTheMasterFreesThePort(Scheduling scheduling) throws IOException {
		try (MasterRunner master = start(scheduling)) {
			CompletableFuture<String> busy = master.getLater("/slow/3000");
			master.awaitView((view) -> assertThat(view.workers()).anyMatch((worker) -> worker.requests().active() > 0));
			master.signal("KILL");
			Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> isFree(master.port()));
			assertThat(busy.join()).isIn("1", "2");
			master.awaitNoProcess();
			master.deleteWhatIsLeft();
		}
	}

	private static boolean isFree(int port) {
		try {
			ListeningSocket.open("server", new InetSocketAddress("127.0.0.1", port), 1).close();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static MasterRunner start(Scheduling scheduling) throws IOException {
		return MasterRunner.workers(2).scheduling(scheduling).start().awaitRunning();
	}

	private static ClusterView.Worker withId(MasterRunner master, String id) {
		return master.workers()
			.stream()
			.filter((worker) -> String.valueOf(worker.id()).equals(id))
			.findFirst()
			.orElseThrow();
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
		List<CompletableFuture<String>> answers = Stream.generate(() -> master.getLater("/")).limit(count).toList();
		return answers.stream().map(CompletableFuture::join).toList();
	}

	private static void assertEachTakenOnce(MasterRunner master) {
		ClusterView view = master.view();
		assertThat(view.listeners().get(0).waiting()).isZero();
		assertThat(view.workers().stream().mapToLong((worker) -> worker.connections().total()).sum())
			.isEqualTo(view.listeners().get(0).accepted());
	}

}
