package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the life of workers under a {@link ClusterMaster}, with {@link MasterRunner}.
 */
@Timeout(120)
class WorkerLifeTests {

	/**
	 * Conformance rows L1 and L3.
	 */
	@Test
	void exitWhenTheWorkerIsKilledIsACrashAndEventsComeInOrderAndOnceEach() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			ClusterView.Worker worker = master.worker(1);
			master.kill(worker);
			master.awaitReady(2);
			assertOneCrash(master, 137);
			List<ClusterEvent> events = master.events();
			assertThat(events.stream().map(ClusterEvent::sequence))
				.isEqualTo(IntStream.rangeClosed(1, events.size()).mapToObj(Long::valueOf).toList());
			assertThat(events).isSortedAccordingTo((a, b) -> a.timestamp().compareTo(b.timestamp()));
			assertThat(typesOf(events, worker)).containsExactly(ClusterEventType.WORKER_STARTED,
					ClusterEventType.WORKER_ONLINE, ClusterEventType.WORKER_LISTENING, ClusterEventType.WORKER_READY,
					ClusterEventType.WORKER_EXITED, ClusterEventType.WORKER_RESTART_SCHEDULED);
			for (ClusterView.Worker other : master.workers()) {
				assertThat(typesOf(events, other)).containsExactly(ClusterEventType.WORKER_STARTED,
						ClusterEventType.WORKER_ONLINE, ClusterEventType.WORKER_LISTENING,
						ClusterEventType.WORKER_READY);
			}
		}
	}

	private static List<ClusterEventType> typesOf(List<ClusterEvent> events, ClusterView.Worker worker) {
		return events.stream().filter((event) -> {
			boolean sameId = event.worker() != null && event.worker().id() == worker.id();
			if (sameId) {
				assertThat(event.worker().pid()).isEqualTo(worker.pid());
				assertThat(event.worker().index()).isEqualTo(worker.index());
				assertThat(event.worker().generation()).isOne();
			}
			return sameId;
		}).map(ClusterEvent::type).toList();
	}

	private static void assertOneCrash(MasterRunner master, int exitCode) {
		assertThat(master.events(ClusterEventType.WORKER_EXITED)).singleElement().satisfies((event) -> {
			assertThat(event.exitCode()).isEqualTo(exitCode);
			assertThat(event.reason()).isEqualTo(ExitReason.CRASHED);
		});
		ClusterView view = master.view();
		assertThat(view.state()).isEqualTo(ClusterState.RUNNING);
		assertThat(view.restarts()).isEqualTo(new ClusterView.Restarts(1, 1));
	}

	/**
	 * Conformance row L8.
	 */
	@Test
	void idsAreNeverReusedAndIndexesAre() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			for (int round = 1; round <= 3; round++) {
				MasterRunner.signal("KILL", master.worker(round % 2).pid());
				int newest = 2 + round;
				master.awaitView((view) -> {
					assertThat(view.size().ready()).isEqualTo(2);
					assertThat(view.workers()).anyMatch((worker) -> worker.id() == newest);
				});
			}
			assertThat(master.workers().stream().map(ClusterView.Worker::index)).containsExactlyInAnyOrder(0, 1);
			assertThat(master.events(ClusterEventType.WORKER_STARTED)).hasSize(5)
				.extracting((event) -> event.worker().id() + " at " + event.worker().index())
				.containsExactly("1 at 0", "2 at 1", "3 at 1", "4 at 0", "5 at 1");
		}
	}

	/**
	 * Conformance row L10: however far a worker has got on its way out, its process alone
	 * tells of the exit.
	 */
	@Test
	void exitIsToldByTheProcess() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.worker(0, "plain.deaf=true")
			.drainTimeout(Duration.ofSeconds(60))
			.start()
			.awaitRunning()) {
			ClusterView.Worker deaf = master.worker(0);
			MasterRunner.signal("TERM", deaf.pid());
			// its shutdown hook hangs
			master.awaitOutput("TERM received: draining this worker");
			master.awaitState(deaf.id(), WorkerState.DRAINING);
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).isEmpty();
			master.kill(deaf);
			master.awaitReady(2);
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).hasSize(1);
		}
	}

	@Test
	void exitWhenTheWorkerIsTerminatedIsRequestedAndIsReplacedAtOnce() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.restart(Duration.ofSeconds(60), 1, Duration.ofSeconds(60), Duration.ofSeconds(60))
			.start()
			.awaitRunning()) {
			MasterRunner.signal("TERM", master.worker(0).pid());
			master.awaitView((view) -> assertThat(view.workers()).anyMatch((worker) -> worker.id() == 3));
			master.awaitReady(2);
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).singleElement().satisfies((event) -> {
				assertThat(event.reason()).isEqualTo(ExitReason.REQUESTED);
				assertThat(event.exitCode()).isEqualTo(143);
			});
			assertThat(master.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 0));
		}
	}

	@Test
	void viewShowsWhatWorkersPublish() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			for (int i = 0; i < 9; i++) {
				master.get("/");
			}
			ClusterView view = master.view();
			assertThat(view.master().pid()).isEqualTo(master.pid());
			assertThat(view.generation()).isOne();
			assertThat(view.size()).isEqualTo(new ClusterView.Size(2, 2));
			assertThat(view.listeners()).singleElement().satisfies((listener) -> {
				assertThat(listener.name()).isEqualTo("server");
				assertThat(listener.address()).isEqualTo("127.0.0.1");
				assertThat(listener.port()).isEqualTo(master.port());
				assertThat(listener.accepted()).isEqualTo(10);
				assertThat(listener.waiting()).isZero();
			});
			assertThat(view.workers().stream().map((worker) -> worker.connections().total())).containsExactly(5L, 5L);
			assertThat(view.workers().stream().mapToLong((worker) -> worker.connections().active()).sum()).isOne();
			assertThat(view.workers()).allSatisfy((worker) -> {
				assertThat(worker.memory().resident()).isGreaterThan(10_000_000);
				assertThat(worker.readyTime()).isAfter(worker.startTime());
				assertThat(worker.startTime()).isAfterOrEqualTo(view.master().startTime());
				assertThat(worker.lastHeartbeat()).isAfter(worker.startTime());
			});
		}
	}

	/**
	 * The client's connection is with a worker before the master stops.
	 */
	@Test
	void viewWhenTheMasterDoesNotAnswerFailsInTime() throws IOException {
		try (MasterRunner master = MasterRunner.workers(1).start().awaitRunning();
				PlainClient client = master.connect()) {
			master.awaitTaken(1);
			MasterRunner.signal("STOP", master.pid());
			long asked = System.nanoTime();
			client.ask("/view");
			assertThat(client.answer()).isEqualTo("The master has not answered within 2 seconds");
			assertThat(Duration.ofNanos(System.nanoTime() - asked)).isBetween(Duration.ofMillis(1900),
					Duration.ofSeconds(5));
			MasterRunner.signal("CONT", master.pid());
			assertThat(master.view().size().ready()).isOne();
		}
	}

	@Test
	void readinessWhenRefusedGivesTheWorkerNothing() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			int refusing = Integer.parseInt(master.get("/refuse"));
			int other = 3 - refusing;
			master.awaitState(refusing, WorkerState.OUT_OF_SERVICE);
			assertThat(master.view().state()).isEqualTo(ClusterState.DEGRADED);
			long before = taken(master, refusing);
			assertThat(askedTogether(master, 40)).containsOnly(String.valueOf(other));
			assertThat(taken(master, refusing)).isEqualTo(before);
			MasterRunner.signal("USR2", pidOf(master, refusing));
			master.awaitState(refusing, WorkerState.READY);
			assertThat(askedTogether(master, 4)).contains(String.valueOf(refusing), String.valueOf(other));
			assertThat(master.events().stream().map(ClusterEvent::type))
				.endsWith(ClusterEventType.WORKER_OUT_OF_SERVICE, ClusterEventType.WORKER_READY);
		}
	}

	private static long taken(MasterRunner master, int id) {
		return workerWithId(master, id).connections().total();
	}

	private static long pidOf(MasterRunner master, int id) {
		return workerWithId(master, id).pid();
	}

	private static ClusterView.Worker workerWithId(MasterRunner master, int id) {
		return master.workers().stream().filter((worker) -> worker.id() == id).findFirst().orElseThrow();
	}

	private static List<String> askedTogether(MasterRunner master, int clients) {
		return Stream.generate(() -> master.getLater("/"))
			.limit(clients)
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList();
	}

}
