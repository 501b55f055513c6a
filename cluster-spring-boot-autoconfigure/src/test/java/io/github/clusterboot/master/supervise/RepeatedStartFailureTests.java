package io.github.clusterboot.master.supervise;

import java.io.IOException;
import java.time.Duration;

import io.github.clusterboot.ClusterState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for workers that fail to start again and again while another one serves: the
 * cluster is degraded, and what they print is shown once. Fault A9.
 */
class RepeatedStartFailureTests {

	private final VirtualCluster cluster = VirtualSettings.workers(2).cluster().start();

	@Test
	void exitWhenStartsFailForTheSameReasonDegradesTheCluster() {
		this.cluster.ready(1);
		failStarts(StartDiagnosis.FAILURES - 1);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.STARTING);
		failStarts(1);
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.DEGRADED);
	}

	@Test
	void startWhenTheReasonIsKnownIsQuiet() {
		this.cluster.ready(1);
		failStarts(StartDiagnosis.FAILURES);
		assertThat(this.cluster.starter().started()).noneMatch(VirtualWorker::isOutputHeldBack);
		VirtualWorker quiet = next();
		assertThat(quiet.isOutputHeldBack()).isTrue();
		this.cluster.exits(quiet.identity().id(), 1);
		assertThat(quiet.isOutputHeldBack()).isTrue();
		VirtualWorker next = next();
		assertThat(next.isOutputHeldBack()).isTrue();
		this.cluster.ready(next.identity().id());
		assertThat(next.isOutputHeldBack()).isFalse();
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void exitWhenTheReasonIsAnotherShowsWhatTheWorkerHasPrinted() {
		this.cluster.ready(1);
		failStarts(StartDiagnosis.FAILURES);
		VirtualWorker next = next();
		this.cluster.handle(next.identity().id()).startFailsBecause("out of memory");
		this.cluster.exits(next.identity().id(), 1);
		assertThat(next.isOutputHeldBack()).isFalse();
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.STARTING);
		assertThat(next().isOutputHeldBack()).isFalse();
	}

	/**
	 * It has taken the lock that the others fail on with it.
	 */
	@Test
	void exitWhenNoneServesIsNotDiagnosed() {
		this.cluster.ready(1);
		failStarts(StartDiagnosis.FAILURES);
		this.cluster.refuses(1);
		VirtualWorker quiet = next();
		this.cluster.exits(quiet.identity().id(), 1);
		assertThat(quiet.isOutputHeldBack()).isFalse();
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.STARTING);
	}

	@Test
	void startWhenItCannotBeMadeForTheSameReasonIsDiagnosedToo() {
		this.cluster.ready(1);
		this.cluster.starter().failWith(new IOException("No such file: /opt/jdk/bin/java"));
		this.cluster.exits(2, 1);
		this.cluster.pass(Duration.ofSeconds(5));
		assertThat(this.cluster.view().state()).isEqualTo(ClusterState.DEGRADED);
	}

	private void failStarts(int times) {
		for (int i = 0; i < times; i++) {
			this.cluster.exits(next().identity().id(), 1);
		}
	}

	private VirtualWorker next() {
		this.cluster.pass(Duration.ofSeconds(30));
		return this.cluster.starter().started().get(this.cluster.starter().started().size() - 1);
	}

}
