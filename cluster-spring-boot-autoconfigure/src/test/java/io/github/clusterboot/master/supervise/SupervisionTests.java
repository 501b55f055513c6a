package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.WorkerState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a worker's channels tell {@link Supervision}.
 */
class SupervisionTests {

	private final VirtualCluster cluster = VirtualSettings.workers(1).cluster().start();

	@Test
	void brokenWhenTheWorkerHasNeverBeenReadyKillsIt() {
		this.cluster.supervision().broken(this.cluster.handle(1));
		assertThat(this.cluster.worker(1).isKilled()).isTrue();
	}

	@Test
	void brokenWhenTheWorkerServesHasItDrain() {
		this.cluster.ready(1);
		this.cluster.supervision().broken(this.cluster.handle(1));
		assertThat(this.cluster.worker(1).isTerminated()).isTrue();
		assertThat(this.cluster.worker(1).isKilled()).isFalse();
	}

	@Test
	void brokenWhenTheWorkerLeavesAnywayDoesNothing() {
		this.cluster.worker(1).deaf();
		this.cluster.ready(1);
		this.cluster.supervision().shutDown(143, "TERM");
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.worker(1).isAskedToDrain()).isTrue();
		this.cluster.supervision().broken(this.cluster.handle(1));
		assertThat(this.cluster.worker(1).isTerminated()).isFalse();
		assertThat(this.cluster.worker(1).isKilled()).isFalse();
	}

	@Test
	void disconnectedWhenTheProcessLivesOnLimitsItsDrain() {
		this.cluster.worker(1).deaf();
		this.cluster.ready(1);
		this.cluster.supervision().disconnected(this.cluster.handle(1), this.cluster.worker(1));
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.READY);
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.DRAINING);
		this.cluster.pass(Duration.ofSeconds(30));
		assertThat(this.cluster.worker(1).isKilled()).isTrue();
	}

	@Test
	void disconnectedWhenTheChannelHasBeenReplacedDoesNothing() {
		this.cluster.ready(1);
		this.cluster.supervision().disconnected(this.cluster.handle(1), (message) -> {
		});
		this.cluster.pass(Duration.ofSeconds(2));
		assertThat(this.cluster.state(1)).isEqualTo(WorkerState.READY);
	}

	@Test
	void drainsOnItsOwnWhenTheWorkerHangsDoesNothing() {
		this.cluster.ready(1);
		this.cluster.pass(Duration.ofSeconds(1));
		this.cluster.worker(1).silent(true);
		this.cluster.worker(1).immortal();
		this.cluster.pass(Duration.ofMinutes(2));
		assertThat(this.cluster.handle(1).isHung()).isTrue();
		this.cluster.supervision().drainsOnItsOwn(this.cluster.handle(1), false);
		assertThat(this.cluster.handle(1).exitCause().isLeaving()).isFalse();
		assertThat(LegalState.of(this.cluster.handle(1))).isEqualTo(LegalState.HUNG);
	}

	@Test
	void restartWhenAWorkerHasBeenKilledDoesNotDrainIt() {
		VirtualCluster two = VirtualSettings.workers(2).startTimeout(Duration.ofSeconds(10)).cluster().start();
		two.worker(2).immortal();
		two.ready(1);
		two.pass(Duration.ofSeconds(12));
		assertThat(two.worker(2).isKilled()).isTrue();
		two.restart();
		two.pass(Duration.ofSeconds(1));
		assertThat(LegalState.of(two.handle(2))).isEqualTo(LegalState.STARTING);
	}

	@Test
	void failWhenTheClusterStopsAnywayKeepsItsExitCode() {
		this.cluster.supervision().shutDown(143, "TERM");
		this.cluster.supervision().failIfNeverReady(new IllegalStateException("Port in use"));
		this.cluster.pass(Duration.ofSeconds(1));
		assertThat(this.cluster.supervision().exit()).isCompletedWithValue(143);
	}

}
