package io.github.clusterboot.it;

import java.time.Duration;
import java.util.List;

import io.github.clusterboot.it.load.Exchange;
import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import io.github.clusterboot.it.load.Traffic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests of 5 ms, and 2 of 100 that take 500 ms, at workers with few threads: how long
 * 99 of 100 take with each policy. A measurement, for the long run.
 */
@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
@Tag("alone")
class MixedLoadIT {

	private static final int WORKERS = 4;

	private static final int THREADS = 2;

	private static final int CLIENTS = 12;

	private static final int REQUESTS = 20_000;

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Conformance D8.
	 */
	@Test
	void leastConnectionsKeepsRequestsFromWaitingForLongOnes() {
		assertThat(percentile99("least-connections")).isLessThan(percentile99("round-robin"));
	}

	private Duration percentile99(String scheduling) {
		ClusterApplication application = this.cluster.application()
			.workers(WORKERS)
			.args("--cluster.scheduling=" + scheduling, "--server.tomcat.threads.max=" + THREADS,
					"--server.tomcat.threads.min-spare=" + THREADS)
			.start();
		application.awaitReady(WORKERS);
		try (RunningLoad load = application.load()
			.clients(Traffic.MIXED_NEW_CONNECTION, CLIENTS)
			.clients(Traffic.MIXED_KEPT_ALIVE, CLIENTS)
			.pause(Duration.ofMillis(10))
			.start()) {
			load.awaitTotal(REQUESTS);
			LoadResult result = load.stop();
			assertThat(result.failed()).isEmpty();
			List<Duration> times = result.exchanges().stream().map(Exchange::elapsed).sorted().toList();
			Duration percentile = times.get(times.size() * 99 / 100);
			System.out.println(scheduling + ", 99 of 100 within " + percentile.toMillis() + " ms:\n\n" + result);
			return percentile;
		}
		finally {
			application.signal("TERM");
			application.awaitExit(Duration.ofSeconds(30));
		}
	}

}
