package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.master.process.WorkerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Supervision} with random sequences of events. The seed is fixed;
 * {@code -Dtest.seed=N} sets another. A failure tells the seed and what has happened
 * until then.
 */
class RandomEventsTests {

	private static final long SEED = Long.getLong("test.seed", 20261130L);

	private static final int SEQUENCES = 60;

	private static final int LENGTH = 60;

	private static final Duration LONG_ENOUGH = Duration.ofMinutes(5);

	/**
	 * Whatever happens, each worker is in a state that the table of {@link WorkerHandle}
	 * has, and a cluster whose workers work from then on is complete in the end.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 5 })
	void anythingKeepsToTheTableAndConverges(int workers) {
		for (int sequence = 0; sequence < SEQUENCES; sequence++) {
			new Sequence(SEED + sequence, workers).run(false);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 5 })
	void anythingBeforeAStopLeavesNoWorker(int workers) {
		for (int sequence = 0; sequence < SEQUENCES; sequence++) {
			new Sequence(SEED + sequence, workers).run(true);
		}
	}

	/**
	 * The sequences are of use only if they get at every row of the table.
	 */
	@Test
	void anythingReachesEachRowOfTheTable() {
		Set<LegalState> rows = EnumSet.noneOf(LegalState.class);
		for (int sequence = 0; sequence < SEQUENCES; sequence++) {
			rows.addAll(new Sequence(SEED + sequence, 3).run(sequence % 2 == 0));
		}
		assertThat(rows).containsExactlyInAnyOrder(LegalState.values());
	}

	/**
	 * One sequence of events.
	 */
	private static final class Sequence {

		private final long seed;

		private final Random random;

		private final VirtualCluster cluster;

		private final List<String> history = new ArrayList<>();

		private final Set<LegalState> rows = new HashSet<>();

		Sequence(long seed, int workers) {
			this.seed = seed;
			this.random = new Random(seed);
			VirtualSettings settings = VirtualSettings.workers(workers).concurrentStarts(1 + this.random.nextInt(3));
			this.cluster = (this.random.nextBoolean() ? settings.firstAlone() : settings).cluster();
		}

		Set<LegalState> run(boolean stop) {
			try {
				this.cluster.start();
				for (int i = 0; i < LENGTH && !this.cluster.supervision().exit().isDone(); i++) {
					takeStep();
					check();
				}
				if (stop) {
					step("stop", () -> this.cluster.supervision().shutDown(143, "TERM"));
					check();
					passChecked(LONG_ENOUGH);
					assertThat(this.cluster.supervision().exit()).isDone();
					assertThat(this.cluster.starter().started()).noneMatch(VirtualWorker::isAlive);
				}
				else {
					assertConverges();
				}
				return this.rows;
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("Seed " + this.seed + ": " + this.history, ex);
			}
		}

		/**
		 * Workers of a generation that was rolled back serve on if they have settled.
		 */
		private void assertConverges() {
			if (this.cluster.supervision().isShuttingDown()) {
				return;
			}
			this.cluster.starter().failWith(null);
			this.cluster.starter().release();
			this.cluster.starter().started().forEach((worker) -> {
				worker.silent(false);
				worker.mortal();
			});
			this.cluster.workersAreReadyAfter(Duration.ofSeconds(2));
			this.cluster.ids().forEach((id) -> step("worker " + id + " is ready", () -> this.cluster.ready(id)));
			passChecked(LONG_ENOUGH);
			ClusterView view = this.cluster.view();
			assertThat(view.state()).isEqualTo(ClusterState.RUNNING);
			assertThat(view.workers()).hasSize(view.size().target())
				.allMatch((worker) -> worker.state() == WorkerState.READY && worker.generation() >= view.generation());
		}

		private void takeStep() {
			int kind = this.random.nextInt(100);
			Supervision supervision = this.cluster.supervision();
			if (kind < 30) {
				int millis = this.random.nextInt(3000);
				this.history.add("pass " + millis + " ms");
				passChecked(Duration.ofMillis(millis));
			}
			else if (kind < 33) {
				this.history.add("pass a minute");
				passChecked(Duration.ofMinutes(1));
			}
			else if (kind < 37) {
				step("restart", () -> supervision.restart("A test"));
			}
			else if (kind < 41) {
				int size = 1 + this.random.nextInt(6);
				step("resize to " + size, () -> supervision.resize(size, "A test"));
			}
			else if (kind < 43) {
				step("starts fail", () -> this.cluster.starter().failWith(new IOException("No")));
			}
			else if (kind < 49) {
				step("starts succeed", () -> this.cluster.starter().failWith(null));
			}
			else if (kind < 51) {
				step("starts are held up", this.cluster.starter()::hold);
			}
			else if (kind < 55) {
				step("starts go on", this.cluster.starter()::release);
			}
			else if (kind == 55) {
				step("stop", () -> supervision.shutDown(143, "TERM"));
			}
			else if (kind == 56) {
				step("stop at once", () -> supervision.shutDownNow(143, "TERM"));
			}
			else if (!this.cluster.ids().isEmpty()) {
				List<Integer> ids = this.cluster.ids();
				happen(ids.get(this.random.nextInt(ids.size())), kind);
			}
		}

		private void happen(int id, int kind) {
			Supervision supervision = this.cluster.supervision();
			WorkerHandle handle = this.cluster.handle(id);
			VirtualWorker worker = this.cluster.worker(id);
			String name = "worker " + id + " ";
			if (kind < 72) {
				step(name + "is ready", () -> this.cluster.ready(id));
			}
			else if (kind < 76) {
				step(name + "refuses", () -> this.cluster.refuses(id));
			}
			else if (kind < 81) {
				int exitCode = List.of(0, 1, 137, 143).get(this.random.nextInt(4));
				step(name + "exits with " + exitCode, () -> this.cluster.exits(id, exitCode));
			}
			else if (kind < 83) {
				boolean terminated = this.random.nextInt(3) > 0;
				step(name + (terminated ? "is terminated" : "leaves"),
						() -> supervision.drainsOnItsOwn(handle, terminated));
			}
			else if (kind < 85) {
				step(name + "hangs", () -> worker.silent(true));
			}
			else if (kind < 88) {
				step(name + "does not listen", worker::deaf);
			}
			else if (kind < 89) {
				step(name + "cannot be killed for a while", worker::immortal);
			}
			else if (kind < 92) {
				step(name + "is replaced", () -> supervision.replace(handle, ExitReason.MAX_REQUESTS));
			}
			else if (kind < 94) {
				step(name + "is restarted", () -> supervision.replace(handle, ExitReason.RESTART));
			}
			else if (kind < 96) {
				step(name + "has a broken channel", () -> supervision.broken(handle));
			}
			else {
				step(name + "loses its channel", () -> supervision.disconnected(handle, worker));
			}
		}

		/**
		 * An assertion with a description of its own costs too much here.
		 */
		private static void assertTrue(boolean condition, String message) {
			if (!condition) {
				throw new AssertionError(message);
			}
		}

		private void step(String what, Runnable action) {
			this.history.add(what);
			action.run();
			this.cluster.pass(Duration.ZERO);
		}

		/**
		 * Let time pass in small steps, after each of which everything has to be legal.
		 */
		private void passChecked(Duration time) {
			Duration step = Duration.ofMillis(250);
			for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(step)) {
				this.cluster.pass((left.compareTo(step) < 0) ? left : step);
				check();
			}
			this.cluster.starter().started().forEach(VirtualWorker::mortal);
		}

		private void check() {
			List<WorkerHandle> workers = this.cluster.supervision().workers().all();
			for (WorkerHandle worker : workers) {
				this.rows.add(LegalState.of(worker));
			}
			Set<Integer> indexes = new HashSet<>();
			workers
				.forEach((worker) -> assertTrue(indexes.add(worker.identity().index()), worker + " shares its index"));
			assertKnown(workers);
		}

		/**
		 * Each process that lives is one that the master knows of.
		 */
		private void assertKnown(List<WorkerHandle> workers) {
			Set<WorkerProcess> known = new HashSet<>();
			workers.forEach((worker) -> known.add(worker.process()));
			for (VirtualWorker worker : this.cluster.starter().started()) {
				assertTrue(!worker.isAlive() || known.contains(worker), worker + " lives and is not known");
			}
		}

	}

}
