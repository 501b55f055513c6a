package io.github.clusterboot.master;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.ipc.Scoreboard;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the port of a {@link ClusterMaster}, with {@link MasterRunner}.
 */
@Timeout(120)
class PortTests {

	/**
	 * Conformance row P1.
	 */
	@Test
	void listenWhenThePortIsZeroSharesOneRealPort() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			assertThat(master.count("Listening on port")).isOne();
			assertThat(master.events(ClusterEventType.WORKER_LISTENING)).hasSize(2)
				.allSatisfy((event) -> assertThat(event.message()).endsWith("listens on port " + master.port()));
			List<String> answers = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				answers.add(master.get("/"));
			}
			assertThat(answers).contains("1", "2");
			assertThat(master.view().listeners()).hasSize(1);
			// a worker that comes later shares it too
			master.kill(master.worker(1));
			master.awaitReady(2);
			assertThat(master.view().listeners()).singleElement()
				.satisfies((listener) -> assertThat(listener.port()).isEqualTo(master.port()));
		}
	}

	/**
	 * Conformance row P3.
	 */
	@Test
	void listenWhenThePortIsInUseEndsTheMaster() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
				MasterRunner master = MasterRunner.workers(2).worker("plain.port=" + other.getLocalPort()).start()) {
			assertThat(master.awaitExit()).isOne();
			assertThat(master.count("^Exception in thread .*ListenException: .*Address already in use")).isOne();
			assertThat(master.output()).doesNotContain("BindException");
		}
	}

	/**
	 * Conformance row P3. What a worker has made is deleted by its JVM when it ends.
	 */
	@Test
	void listenWhenThePortIsInUseLetsTheWorkersEndInGoodOrder() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
				MasterRunner master = MasterRunner.workers(2).worker("plain.port=" + other.getLocalPort()).start()) {
			assertThat(master.awaitExit()).isOne();
			assertThat(master.count("has exited with code (1|143) \\(REQUESTED\\)")).isPositive()
				.isEqualTo(master.count("has exited"));
		}
	}

	@Test
	void listenWhenThePortIsInUseAndAWorkerDoesNotEndKillsIt() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
				MasterRunner master = MasterRunner.workers(1)
					.worker("plain.port=" + other.getLocalPort())
					.worker("plain.deaf=true")
					.shutdownTimeout(Duration.ofSeconds(2))
					.start()) {
			assertThat(master.awaitExit()).isOne();
			assertThat(master.count("has exited with code 137 \\(REQUESTED\\)")).isOne();
		}
	}

	@Test
	void listenWhenWorkersAskForDifferentPortsFailsInTheSecond() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			assertThat(master.get("/listen/second/0")).startsWith("/127.0.0.1:");
			assertThat(master.get("/listen/second/" + master.port())).contains("'second' is bound to");
		}
	}

	/**
	 * Conformance rows P2 and P3.
	 */
	@Test
	void listenWhenThereAreMoreListenersTellsTheWorkerHowItEnded() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
				MasterRunner master = MasterRunner.workers(1).start().awaitRunning()) {
			String inUse = master.get("/listen/second/" + other.getLocalPort());
			assertThat(inUse).startsWith("java.net.BindException: ").contains("Address already in use");
			assertThat(master.view().listeners()).hasSize(1);
			String second = master.get("/listen/second/0");
			assertThat(second).startsWith("/127.0.0.1:");
			long descriptors = ProcFs.descriptors(master.worker(0).pid());
			assertThat(master.get("/listen/second/0")).contains("This worker already listens on 'second'");
			Awaitility.await()
				.atMost(MasterRunner.PATIENCE)
				.until(() -> ProcFs.descriptors(master.worker(0).pid()) <= descriptors);
			for (int i = 3; i <= Scoreboard.MAX_LISTENERS; i++) {
				assertThat(master.get("/listen/another" + i + "/0")).startsWith("/127.0.0.1:");
			}
			assertThat(master.get("/listen/last/0")).contains("8 listeners at the most");
			assertThat(master.view().listeners()).hasSize(Scoreboard.MAX_LISTENERS)
				.extracting(ClusterView.Listener::port)
				.doesNotHaveDuplicates()
				.contains(master.port(), Integer.parseInt(second.substring(second.indexOf(':') + 1)));
		}
	}

	/**
	 * Conformance row P4.
	 */
	@Test
	void listenPassesTheBacklogToTheKernel() throws IOException {
		int backlog = 6;
		try (MasterRunner master = MasterRunner.workers(1)
			.backlog(backlog)
			.restart(Duration.ofSeconds(60), 1, Duration.ofSeconds(60), Duration.ofSeconds(60))
			.start()
			.awaitRunning()) {
			master.kill(master.worker(0));
			assertThat(connectedAtOnce(master.port())).isEqualTo(backlog + 1);
		}
	}

	private static int connectedAtOnce(int port) throws IOException {
		List<Socket> clients = new ArrayList<>();
		try {
			while (true) {
				Socket client = new Socket();
				clients.add(client);
				client.connect(new InetSocketAddress("127.0.0.1", port), 400);
			}
		}
		catch (SocketTimeoutException ex) {
			return clients.size() - 1;
		}
		finally {
			for (Socket client : clients) {
				client.close();
			}
		}
	}

	/**
	 * Conformance rows P6 and D5.
	 */
	@Test
	void listenWhenAWorkerClosesItsServerAndListensAgainFailsNobody() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			for (int round = 0; round < 10; round++) {
				List<CompletableFuture<String>> answers = new ArrayList<>();
				for (int client = 0; client < 10; client++) {
					answers.add(master.getLater((client % 4 == 0) ? "/relisten" : "/"));
				}
				answers.forEach((answer) -> assertThat(answer.join()).isIn("1", "2"));
			}
			Awaitility.await()
				.atMost(MasterRunner.PATIENCE)
				.untilAsserted(() -> assertThat(List.of(master.get("/"), master.get("/"))).contains("1", "2"));
			assertThat(master.events(ClusterEventType.WORKER_LISTENING)).hasSize(2);
			assertThat(master.view().listeners().get(0).waiting()).isZero();
		}
	}

	/**
	 * Conformance rows P10 and P1.
	 */
	@Test
	void connectWhenAllWorkersAreKilledAtOnceWaitsAndIsAnswered() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			List<ClusterView.Worker> workers = master.workers();
			workers.forEach((worker) -> ProcessHandle.of(worker.pid()).ifPresent(ProcessHandle::destroyForcibly));
			List<CompletableFuture<String>> answers = new ArrayList<>();
			while (answers.size() < 200) {
				answers.add(master.getLater("/"));
			}
			answers.forEach((answer) -> assertThat(answer.join()).isIn("3", "4"));
			workers.forEach((worker) -> master.awaitExitOf(worker.id()));
			master.awaitReady(2);
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).hasSize(2)
				.allSatisfy((event) -> assertThat(event.reason()).isEqualTo(ExitReason.CRASHED));
			assertThat(master.view().restarts()).isEqualTo(new ClusterView.Restarts(2, 2));
		}
	}

	/**
	 * Conformance row P10, with load before, meanwhile and after. A connection may break
	 * only if a worker had it.
	 */
	@Test
	void connectWhenAllWorkersAreKilledUnderLoadIsNeverRefused() throws IOException {
		try (MasterRunner master = MasterRunner.workers(3).start().awaitRunning()) {
			List<CompletableFuture<String>> answers = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				answers.add(master.getLater("/slow/20"));
				if (i == 30) {
					master.awaitView((view) -> assertThat(view.listeners().get(0).accepted()).isPositive());
					killAll(master);
				}
			}
			int broken = 0;
			for (CompletableFuture<String> answer : answers) {
				broken += answer.handle((body, failure) -> (failure != null) ? 1 : 0).join();
			}
			// each worker serves one connection at a time
			assertThat(broken).isLessThanOrEqualTo(3);
			master.awaitReady(3);
		}
	}

	private static void killAll(MasterRunner master) {
		ProcessHandle.of(master.pid()).orElseThrow().children().forEach(ProcessHandle::destroyForcibly);
	}

}
