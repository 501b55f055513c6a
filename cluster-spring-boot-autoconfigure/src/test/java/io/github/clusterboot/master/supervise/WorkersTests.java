package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Workers}.
 */
class WorkersTests {

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().startWell();

	private final Workers workers = this.cluster.supervision().workers();

	@Test
	void withPidFindsWhatLives() {
		WorkerHandle worker = this.cluster.handle(2);
		assertThat(this.workers.withPid(1002)).isSameAs(worker);
		assertThat(this.workers.withPid(4711)).isNull();
		worker.exited();
		assertThat(this.workers.withPid(1002)).isNull();
	}

	@Test
	void processesAreThoseOfAllWorkers() {
		this.cluster.worker(2).deaf();
		this.cluster.resize(1);
		assertThat(this.workers.processes()).containsExactly(this.cluster.worker(1), this.cluster.worker(2));
		assertThat(this.workers.staying()).containsExactly(this.cluster.handle(1));
	}

	/**
	 * A process may connect before it is known that it has been started.
	 */
	@Test
	void whenStartedWaitsForTheNextStartToBeKnown() {
		List<String> done = new ArrayList<>();
		this.cluster.starter().hold();
		this.cluster.resize(3);
		this.workers.whenStarted(() -> {
			done.add("once");
			this.workers.whenStarted(() -> done.add("again"));
		});
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(done).isEmpty();
		this.cluster.starter().release();
		this.cluster.pass(Duration.ZERO);
		assertThat(done).containsExactly("once");
		assertThat(this.cluster.ids()).containsExactly(1, 2, 3);
		this.cluster.resize(4);
		assertThat(done).containsExactly("once", "again");
	}

	@Test
	void isEmptyWhenAProcessIsBeingStartedIsFalse() {
		Workers starting = new Workers();
		assertThat(starting.isEmpty()).isTrue();
		starting.startBegins(0, 0);
		assertThat(starting.isEmpty()).isFalse();
		assertThat(starting.isIndexHeld(0)).isTrue();
		starting.startEnds(0);
		assertThat(starting.isEmpty()).isTrue();
		assertThat(starting.isIndexHeld(0)).isFalse();
	}

}
