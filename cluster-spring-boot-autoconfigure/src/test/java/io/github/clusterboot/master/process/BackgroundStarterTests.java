package io.github.clusterboot.master.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link BackgroundStarter}.
 */
@Timeout(60)
class BackgroundStarterTests {

	private final RunDirectorySource directory = mock();

	private final Scoreboard scoreboard = mock();

	private final List<Process> processes = new ArrayList<>();

	@BeforeEach
	void prepare() throws IOException {
		given(this.directory.current()).willReturn(new RunDirectory(Path.of("/nonexistent")));
		given(this.scoreboard.slot(anyInt())).willReturn(mock(ScoreboardSlot.class));
	}

	@AfterEach
	void end() throws InterruptedException {
		for (Process process : this.processes) {
			process.destroyForcibly().waitFor();
		}
	}

	/**
	 * The process is one that the JDK has started when it fails.
	 */
	@Test
	void startWhenItFailsAfterTheProcessWasMadeKillsTheProcess() throws Exception {
		Process other = sleep("-Dcluster.worker.id=11");
		WorkerCommand command = (launch) -> {
			// longer than what the JDK tells of a command line
			sleep("x".repeat(10_000), "-Dcluster.worker.id=" + launch.id());
			return new ProcessBuilder("fails", null);
		};
		try (BackgroundStarter starter = starter(command)) {
			assertThat(starter.start(0, 1, false)).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(NullPointerException.class);
		}
		assertThat(this.processes).hasSize(2);
		assertThat(this.processes.get(1).waitFor(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.processes.get(1).exitValue()).isEqualTo(137);
		assertThat(other.isAlive()).isTrue();
	}

	@Test
	void startWhenTheClusterIsBeingStoppedByItsTurnStartsNothing() throws Exception {
		startByWhoseTurn(BackgroundStarter::startNoMore);
	}

	@Test
	void startWhenTheStarterIsClosedByItsTurnStartsNothing() throws Exception {
		startByWhoseTurn(BackgroundStarter::close);
	}

	/**
	 * A start is under way, which may be held up.
	 */
	@Test
	void closeTellsObserversBeforeItWaitsForAnything() throws Exception {
		CountDownLatch told = new CountDownLatch(1);
		WorkerObserver observer = mock();
		willAnswer((call) -> {
			told.countDown();
			return null;
		}).given(observer).clusterStopped();
		AtomicBoolean inTime = new AtomicBoolean();
		try (BackgroundStarter starter = starter((launch) -> new ProcessBuilder("/nonexistent"), observer)) {
			starter.execute("wait", () -> inTime.set(told.await(20, TimeUnit.SECONDS)));
		}
		assertThat(inTime).isTrue();
	}

	@Test
	void startWhenItFailsTellsEveryObserver() {
		WorkerObserver failing = mock();
		willThrow(new IllegalStateException("No")).given(failing).startFailed(anyInt());
		WorkerObserver other = mock();
		try (BackgroundStarter starter = starter((launch) -> new ProcessBuilder("/nonexistent"), failing, other)) {
			assertThat(starter.start(0, 1, false)).failsWithin(Duration.ofSeconds(20));
		}
		InOrder order = inOrder(failing, other);
		then(failing).should(order).startFailed(1);
		then(other).should(order).startFailed(1);
	}

	/**
	 * They may look at files.
	 */
	@Test
	void observerTellsEveryObserverOnTheStartersThread() {
		WorkerIdentity worker = new WorkerIdentity(1, 0, 4711, 1);
		List<String> told = new CopyOnWriteArrayList<>();
		WorkerObserver observer = new WorkerObserver() {

			@Override
			public void ready(WorkerIdentity worker) {
				told.add("ready " + worker.id() + " " + Thread.currentThread().getName());
			}

			@Override
			public void exited(WorkerIdentity worker, ExitReason reason, int exitCode) {
				told.add(reason + " " + exitCode + " " + Thread.currentThread().getName());
			}

		};
		try (BackgroundStarter starter = starter((launch) -> new ProcessBuilder("/nonexistent"), observer)) {
			starter.observer().ready(worker);
			starter.observer().exited(worker, ExitReason.HUNG, 137);
		}
		assertThat(told).containsExactly("ready 1 cluster-starter", "HUNG 137 cluster-starter");
	}

	private void startByWhoseTurn(Consumer<BackgroundStarter> end) throws Exception {
		CountDownLatch turn = new CountDownLatch(1);
		AtomicInteger builds = new AtomicInteger();
		try (BackgroundStarter starter = starter((launch) -> {
			builds.incrementAndGet();
			return new ProcessBuilder("/nonexistent");
		})) {
			starter.execute("wait", turn::await);
			CompletableFuture<WorkerStarter.Started> start = starter.start(0, 1, false);
			end.accept(starter);
			turn.countDown();
			assertThat(start).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.havingCause()
				.withMessage("The cluster stops");
			assertThat(builds).hasValue(0);
		}
	}

	private BackgroundStarter starter(WorkerCommand command, WorkerObserver... observers) {
		return new BackgroundStarter(command, List.of(observers), this.directory, this.scoreboard);
	}

	private Process sleep(String... words) throws IOException {
		List<String> command = new ArrayList<>(List.of("sh", "-c", "while :; do sleep 0.1; done", "sh"));
		command.addAll(List.of(words));
		Process process = new ProcessBuilder(command).start();
		this.processes.add(process);
		return process;
	}

}
