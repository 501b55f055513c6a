package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Drainer}.
 */
class DrainerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("Java heap space");

	private final VirtualCluster cluster = VirtualSettings.workers(2).drainTimeout(TIMEOUT).cluster().startWell();

	@Test
	void drainTakesBackWhatWaitsAndTellsIt() {
		this.cluster.worker(2).deaf();
		this.cluster.resize(1);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.worker(2).isAskedToDrain()).isTrue();
		assertThat(this.cluster.worker(2).isTerminated()).isFalse();
		verify(this.cluster.listeners()).takeBack(this.cluster.handle(2));
		assertThat(this.cluster.events(ClusterEventType.WORKER_DRAINING)).singleElement()
			.satisfies((event) -> assertThat(event.message()).isEqualTo("worker 2 (pid 1002) finishes what it holds"));
	}

	@Test
	void drainWhenTheWorkerDoesNotEndKillsItAtTheTimeout() {
		this.cluster.worker(2).deaf();
		this.cluster.resize(1);
		this.cluster.pass(TIMEOUT.minusMillis(1));
		assertThat(this.cluster.worker(2).isKilled()).isFalse();
		this.cluster.pass(Duration.ofMillis(1));
		assertThat(this.cluster.worker(2).isKilled()).isTrue();
		assertThat(this.cluster.events(ClusterEventType.WORKER_EXITED)).singleElement().satisfies((event) -> {
			assertThat(event.reason()).isEqualTo(ExitReason.DRAIN_TIMEOUT);
			assertThat(event.exitCode()).isEqualTo(137);
		});
	}

	/**
	 * The time begins once, whatever else asks for its end.
	 */
	@Test
	void drainWhenTheWorkerDrainsAlreadyDoesNotExtendItsTime() {
		this.cluster.worker(2).deaf();
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(2), false);
		this.cluster.pass(TIMEOUT.minusSeconds(1));
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(2), true);
		this.cluster.supervision().disconnected(this.cluster.handle(2), this.cluster.worker(2));
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.worker(2).isKilled()).isTrue();
		assertThat(this.cluster.events(ClusterEventType.WORKER_DRAINING)).hasSize(1);
	}

	@Test
	void drainWhenTheWorkerHasNoChannelTerminatesIt() {
		this.cluster.worker(2).deaf();
		this.cluster.supervision().disconnected(this.cluster.handle(2), this.cluster.worker(2));
		this.cluster.resize(1);
		assertThat(this.cluster.worker(2).isAskedToDrain()).isFalse();
		assertThat(this.cluster.worker(2).isTerminated()).isTrue();
	}

	/**
	 * The end of the channel of one that has died is seen before its process's.
	 */
	@Test
	void disconnectedWhenTheProcessEndsSoonIsACrash() {
		this.cluster.supervision().disconnected(this.cluster.handle(2), this.cluster.worker(2));
		this.cluster.pass(Duration.ofMillis(900));
		this.cluster.exits(2, 137);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.exitReasons()).containsExactly(ExitReason.CRASHED);
		assertThat(this.cluster.events(ClusterEventType.WORKER_DRAINING)).isEmpty();
	}

	/**
	 * What cannot be limited for lack of memory is asked to end all the same: most
	 * workers do.
	 */
	@Test
	void drainWhenItsTimeCannotBeLimitedStillAsksForIt() {
		this.cluster.worker(2).deaf();
		this.cluster.refuseTasks(NO_MEMORY);
		this.cluster.supervision().resize(1, "TTOU");
		this.cluster.refuseTasks(null);
		assertThat(this.cluster.state(2)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.worker(2).isAskedToDrain()).isTrue();
	}

}
