package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.clusterboot.ClusterView;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the stop of a {@link ClusterMaster}, with {@link MasterRunner}, whose end
 * proves that no process, socket or file is left.
 */
@Timeout(120)
class ClusterShutdownTests {

	private static final Duration A_MOMENT = Duration.ofSeconds(4);

	@Test
	void terminateAnswersWhatIsUnderWay() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			List<CompletableFuture<String>> slow = List.of(master.getLater("/slow/800"), master.getLater("/slow/800"));
			master.awaitView((view) -> assertThat(view.listeners().get(0).accepted()).isGreaterThanOrEqualTo(3));
			master.signal("TERM");
			for (CompletableFuture<String> answer : slow) {
				assertThat(answer.join()).isIn("1", "2");
			}
			assertThat(master.awaitExit()).isEqualTo(143);
			assertThat(master.count("has exited with code 0 \\(REQUESTED\\)")).isEqualTo(2);
		}
	}

	@Test
	void terminateWhenClientsKeepConnectingAnswersEachThatIsNotRefused() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			List<CompletableFuture<Integer>> clients = Stream.generate(() -> master.getUntilRefused("/"))
				.limit(8)
				.toList();
			master.awaitView((view) -> assertThat(view.listeners().get(0).accepted()).isGreaterThanOrEqualTo(200));
			master.signal("TERM");
			assertThat(clients).allSatisfy((client) -> assertThat(client.join()).isPositive());
			assertThat(master.awaitExit()).isEqualTo(143);
		}
	}

	@Test
	void interruptStopsWithItsOwnExitCode() throws IOException {
		try (MasterRunner master = MasterRunner.workers(1).start().awaitRunning()) {
			master.signal("INT");
			assertThat(master.awaitExit()).isEqualTo(130);
		}
	}

	/**
	 * Conformance row L6.
	 */
	@Test
	void terminateWhenThereAreManyWorkersEndsAllOfThemCleanly() throws IOException {
		try (MasterRunner master = MasterRunner.workers(5).start().awaitRunning()) {
			master.signal("TERM");
			assertThat(master.awaitExit()).isEqualTo(143);
			assertThat(master.count("has exited with code 0 \\(REQUESTED\\)")).isEqualTo(5);
			assertThat(master.count("has exited")).isEqualTo(5);
		}
	}

	/**
	 * Conformance row L6. At least the worker that listens has something to say in the
	 * end.
	 */
	@Test
	void terminateWhenWorkersStartEndsThemTooAndShowsWhatTheyPrint() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.worker("plain.never-ready=true")
			.worker("plain.last-words=goodbye")
			.start()) {
			master.port();
			master.signal("TERM");
			assertThat(master.awaitExit()).isEqualTo(143);
			assertThat(master.count("has exited with code \\d+ \\(REQUESTED\\)")).isEqualTo(2);
			assertThat(master.output()).contains("goodbye");
		}
	}

	@Test
	void terminateWhenTheWholeGroupIsToldEndsAllOfThem() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			List<ClusterView.Worker> workers = master.workers();
			master.signal("TERM");
			workers.forEach((worker) -> MasterRunner.signal("TERM", worker.pid()));
			assertThat(master.awaitExit()).isEqualTo(143);
			// a worker may have told of its signal before the master had seen its own,
			// and
			// then has a replacement
			assertThat(master.count("has exited with code (0|143) \\(REQUESTED\\)")).isGreaterThanOrEqualTo(2)
				.isEqualTo(master.count("has exited"));
		}
	}

	/**
	 * Conformance row L4.
	 */
	@Test
	void terminateWhenAWorkerDoesNotEndKillsItAtTheDrainTimeout() throws IOException {
		try (MasterRunner master = MasterRunner.workers(3)
			.worker(0, "plain.deaf=true")
			.drainTimeout(Duration.ofSeconds(2))
			.start()
			.awaitRunning()) {
			ClusterView.Worker stopped = master.worker(1);
			MasterRunner.signal("STOP", stopped.pid());
			long before = System.nanoTime();
			master.signal("TERM");
			assertThat(master.awaitExit()).isEqualTo(143);
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(1900),
					Duration.ofSeconds(6));
			assertThat(master.count("has not ended within 2.0 s and is killed")).isEqualTo(2);
			assertThat(master.count("has exited with code 137 \\(DRAIN_TIMEOUT\\)")).isEqualTo(2);
			assertThat(master.count("has exited with code 0 \\(REQUESTED\\)")).isOne();
		}
	}

	@Test
	void terminateWhenToldAgainKillsAtOnce() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.worker("plain.deaf=true")
			.drainTimeout(Duration.ofSeconds(60))
			.shutdownTimeout(Duration.ofSeconds(60))
			.start()
			.awaitRunning()) {
			master.signal("TERM");
			master.awaitOutput("the cluster stops");
			master.signal("TERM");
			assertThat(master.awaitExit(A_MOMENT)).isEqualTo(143);
			assertThat(master.count("has exited with code 137 \\(REQUESTED\\)")).isEqualTo(2);
		}
	}

	@Test
	void terminateWhenNoneIsReadyClosesThePortAndEnds() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			List<ClusterView.Worker> workers = master.workers();
			workers.forEach((worker) -> MasterRunner.signal("STOP", worker.pid()));
			List<PlainClient> clients = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				clients.add(master.connect());
			}
			master.signal("TERM");
			master.signal("TERM");
			assertThat(master.awaitExit(A_MOMENT)).isEqualTo(143);
			for (PlainClient client : clients) {
				client.close();
			}
		}
	}

	@Test
	void leaveWhenAnApplicationEndsByItsOwnChoiceStopsTheCluster() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			// a worker that has not been ready for a second may be a bad replacement
			Awaitility.await()
				.pollDelay(Duration.ofMillis(1100))
				.atMost(MasterRunner.PATIENCE)
				.until(() -> master.view().size().ready() == 2);
			master.get("/leave/0");
			assertThat(master.awaitExit()).isZero();
			assertThat(master.count("has ended by its own choice")).isOne();
		}
	}

	/**
	 * Conformance row L5.
	 */
	@Test
	void killWhenTheMasterDiesEndsItsWorkersAndTheNextMasterCleansUp() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.worker(0, "plain.deaf=true")
			.drainTimeout(Duration.ofSeconds(2))
			.start()
			.awaitRunning()) {
			master.signal("KILL");
			assertThat(master.awaitExit()).isEqualTo(137);
			master.awaitNoProcess();
			assertThat(master.runDirectory()).isDirectory();
			master.deleteWhatIsLeft();
		}
	}

}
