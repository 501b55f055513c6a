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

}
