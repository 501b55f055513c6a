package io.github.clusterboot.it;

import java.time.Duration;
import java.time.Instant;

import io.github.clusterboot.it.load.Ending;
import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cluster is stopped while clients send requests: what was accepted is answered.
 */
@Tag("alone")
class StopUnderLoadIT {

	private static final int WORKERS = ItSettings.isLong() ? 4 : 2;

	private static final int REQUESTS = ItSettings.isLong() ? 100_000 : 2_000;

	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void termWhenUnderLoadAnswersEveryRequestThatWasAccepted() {
		ClusterApplication application = this.cluster.application()
			.recordingSample()
			.workers(WORKERS)
			.args("--cluster.worker.drain-timeout=15s",
					"--cluster.shutdown.timeout=" + SHUTDOWN_TIMEOUT.toSeconds() + "s")
			.start();
		application.awaitReady(WORKERS);
		try (RunningLoad load = application.load().mixedClients().start()) {
			load.awaitTotal(REQUESTS);
			Instant stop = Instant.now();
			application.signal("TERM");
			assertThat(application.awaitExit(SHUTDOWN_TIMEOUT)).isEqualTo(143);
			LoadResult result = load.stop();
			System.out.println("TERM to the master:\n\n" + result);
			assertThat(result.failed()).as(result.toString())
				.isNotEmpty()
				.filteredOn((failed) -> failed.ending() != Ending.REFUSED || failed.end().isBefore(stop))
				.isEmpty();
			assertThat(result.executedTwice()).isEmpty();
			assertThat(result.unrecorded()).isEmpty();
		}
	}

}
