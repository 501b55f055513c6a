package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import io.github.clusterboot.WorkerState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for planned changes of a cluster under a {@link ClusterMaster}: rolling restarts,
 * scaling, recycling, and for workers that hang, with {@link MasterRunner}.
 */
@Timeout(120)
class ChangeTests {

	@TempDir
	private Path directory;

	@BeforeEach
	void letProcessesLookIntoDirectory() throws IOException {
		OrdinaryUser.own(this.directory);
	}

	@AfterEach
	void mend() throws IOException {
		Files.deleteIfExists(fault());
	}

	@Test
	void hangUpReplacesEachWorkerAfterItsReplacementIsReady() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).concurrentStarts(1).start().awaitRunning()) {
			master.signal("HUP");
			ClusterView after = awaitRestarted(master, 2);
			assertThat(after.workers()).hasSize(2).allMatch((worker) -> worker.generation() == 2);
			assertThat(after.restarts()).isEqualTo(new ClusterView.Restarts(2, 0));
			assertThat(leastReady(master.events(), 2)).isEqualTo(2);
			assertThat(master.events(ClusterEventType.RESTART_STARTED)).hasSize(1);
			assertThat(master.events(ClusterEventType.RESTART_COMPLETED)).hasSize(1);
			assertThat(exits(master)).containsExactly(ExitReason.RESTART, ExitReason.RESTART);
			assertThat(mostAlive(master.events())).isEqualTo(3);
		}
	}

	@Test
	void restartWhenNewWorkersFailIsRolledBack() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).worker("plain.fail-if=" + fault()).start().awaitRunning()) {
			List<Integer> before = ids(master.view());
			Files.createFile(fault());
			master.get("/restart");
			ClusterView after = awaitRolledBack(master);
			assertThat(ids(after)).isEqualTo(before);
			assertThat(after.state()).isEqualTo(ClusterState.RUNNING);
			assertThat(after.generation()).isOne();
			assertThat(after.lastRestart().cause()).contains("has exited with code 1 (START_FAILED)")
				.contains("plain worker 4 fails");
			assertThat(master.events(ClusterEventType.RESTART_ROLLED_BACK)).singleElement()
				.satisfies((event) -> assertThat(event.message()).contains("plain worker 4 fails"));
			assertThat(exits(master)).containsExactly(ExitReason.START_FAILED, ExitReason.START_FAILED);
			Files.delete(fault());
			master.get("/restart");
			assertThat(awaitRestarted(master, 3).workers()).allMatch((worker) -> worker.generation() == 3);
		}
	}

	@Test
	void restartOfOneWorkerReplacesThatWorkerAlone() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).start().awaitRunning()) {
			assertThat(master.get("/restart/1")).isEqualTo("done");
			master.awaitExitOf(1);
			assertThat(ids(master.awaitReady(2))).containsExactly(2, 3);
			assertThat(exits(master)).containsExactly(ExitReason.RESTART);
			assertThat(leastReady(master.events(), 2)).isEqualTo(2);
			assertThat(master.view().generation()).isOne();
			assertThat(master.get("/restart/1")).isEqualTo("There is no worker 1");
		}
	}

	@Test
	void signalsMakeTheClusterLargerAndSmallerButNeverEmpty() throws IOException {
		try (MasterRunner master = MasterRunner.workers(1).start().awaitRunning()) {
			master.signal("TTIN");
			master.awaitReady(2);
			master.signal("TTOU");
			master.awaitReady(1);
			master.signal("TTOU");
			master.awaitOutput("SIGTTOU: the cluster has its size of 1 already");
			master.signal("TTIN");
			master.awaitReady(2);
			assertThat(exits(master)).containsExactly(ExitReason.SCALE_DOWN);
			assertThat(master.events(ClusterEventType.CLUSTER_RESIZED)).hasSize(3);
		}
	}

	@Test
	void recycleWhenAWorkerHasServedEnoughReplacesItFirst() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).maxRequests(20).start().awaitRunning()) {
			Awaitility.await().atMost(MasterRunner.PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
				master.get("/");
				return master.count("has exited with code 0 \\(MAX_REQUESTS\\)") >= 3;
			});
			master.awaitView((view) -> assertThat(view.size().ready()).isEqualTo(2));
			assertThat(exits(master)).containsOnly(ExitReason.MAX_REQUESTS);
			assertThat(leastReady(master.events(), 2)).isEqualTo(2);
			assertThat(mostAlive(master.events())).isEqualTo(3);
			assertThat(master.view().restarts().unexpected()).isZero();
		}
	}

	@Test
	void recycleWhenAWorkerIsLargeReplacesIt() throws IOException {
		try (MasterRunner master = MasterRunner.workers(1).maxMemory(1).start().awaitRunning()) {
			master.awaitExitOf(1);
			assertThat(exits(master)).startsWith(ExitReason.MAX_MEMORY);
			assertThat(mostAlive(master.events())).isEqualTo(2);
		}
	}

	@Test
	void hangWhenAWorkerIsSilentReplacesItAndKillsIt() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.heartbeatTimeout(Duration.ofSeconds(2))
			.start()
			.awaitRunning()) {
			ClusterView.Worker hung = master.worker(1);
			MasterRunner.signal("STOP", hung.pid());
			master.awaitOutput("worker 2 .* has been silent for 2.0 s: it is asked for a thread dump and then killed");
			master.awaitExitOf(2);
			assertThat(exits(master)).containsExactly(ExitReason.HUNG);
			assertThat(ids(master.awaitReady(2))).containsExactly(1, 3);
			assertThat(master.view().restarts()).isEqualTo(new ClusterView.Restarts(1, 1));
		}
	}

	@Test
	void hangWhenTheWholeClusterWasStoppedKillsNobody() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2)
			.heartbeatTimeout(Duration.ofSeconds(2))
			.start()
			.awaitRunning()) {
			List<ClusterView.Worker> workers = master.workers();
			MasterRunner.signal("STOP", master.pid());
			workers.forEach((worker) -> MasterRunner.signal("STOP", worker.pid()));
			long stopped = System.nanoTime();
			Awaitility.await()
				.pollDelay(Duration.ofSeconds(4))
				.until(() -> System.nanoTime() - stopped >= Duration.ofSeconds(4).toNanos());
			master.signal("CONT");
			workers.forEach((worker) -> MasterRunner.signal("CONT", worker.pid()));
			// what would come of it came within the time-out and the time for a dump
			Awaitility.await()
				.pollDelay(Duration.ofSeconds(3))
				.until(() -> master.view()
					.workers()
					.stream()
					.allMatch((worker) -> worker.state() == WorkerState.READY));
			assertThat(ids(master.view())).containsExactly(1, 2);
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).isEmpty();
		}
	}

	private Path fault() {
		return this.directory.resolve("fault");
	}

	private static ClusterView awaitRestarted(MasterRunner master, int generation) {
		return master.awaitView((view) -> {
			assertThat(view.lastRestart()).isNotNull();
			assertThat(view.lastRestart().generation()).isEqualTo(generation);
			assertThat(view.lastRestart().state()).isEqualTo(RestartState.COMPLETED);
			assertThat(view.state()).isEqualTo(ClusterState.RUNNING);
		});
	}

	private static ClusterView awaitRolledBack(MasterRunner master) {
		return master.awaitView((view) -> {
			assertThat(view.lastRestart()).isNotNull();
			assertThat(view.lastRestart().state()).isEqualTo(RestartState.ROLLED_BACK);
		});
	}

	private static List<Integer> ids(ClusterView view) {
		return view.workers().stream().map(ClusterView.Worker::id).toList();
	}

	private static List<ExitReason> exits(MasterRunner master) {
		return master.events(ClusterEventType.WORKER_EXITED).stream().map(ClusterEvent::reason).toList();
	}

	/**
	 * Return the lowest number of ready workers since there were as many as should be.
	 */
	private static int leastReady(List<ClusterEvent> events, int target) {
		Set<Integer> ready = new HashSet<>();
		int least = Integer.MAX_VALUE;
		for (ClusterEvent event : events) {
			if (event.type() == ClusterEventType.WORKER_READY) {
				ready.add(event.worker().id());
			}
			else if (event.type() == ClusterEventType.WORKER_DRAINING
					|| event.type() == ClusterEventType.WORKER_OUT_OF_SERVICE
					|| event.type() == ClusterEventType.WORKER_EXITED) {
				ready.remove(event.worker().id());
			}
			if (ready.size() >= target || least != Integer.MAX_VALUE) {
				least = Math.min(least, ready.size());
			}
		}
		return least;
	}

	private static int mostAlive(List<ClusterEvent> events) {
		int alive = 0;
		int most = 0;
		for (ClusterEvent event : events) {
			if (event.type() == ClusterEventType.WORKER_STARTED) {
				most = Math.max(most, ++alive);
			}
			else if (event.type() == ClusterEventType.WORKER_EXITED) {
				alive--;
			}
		}
		return most;
	}

}
