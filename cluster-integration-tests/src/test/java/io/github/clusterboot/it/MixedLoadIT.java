package io.github.clusterboot.it;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import io.github.clusterboot.it.load.Traffic;
import io.github.clusterboot.it.load.TrafficSummary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests of 5 ms, and 2 of 100 that take 500 ms, at workers with few threads: how long
 * 99 of 100 take with each policy. A measurement, for the long run.
 */
@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
class MixedLoadIT {

	private static final int WORKERS = 4;

	private static final int THREADS = 4;

	private static final int REQUESTS = 40_000;

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Conformance D8.
	 */
	@Test
	void leastConnectionsKeepsMostRequestsFromWaitingForLongOnes() {
		Map<Traffic, Duration> inTurn = percentiles("round-robin");
		Map<Traffic, Duration> fewest = percentiles("least-connections");
		assertThat(fewest.get(Traffic.MIXED_NEW_CONNECTION)).isLessThan(inTurn.get(Traffic.MIXED_NEW_CONNECTION));
		assertThat(fewest.get(Traffic.MIXED_KEPT_ALIVE)).isLessThan(inTurn.get(Traffic.MIXED_KEPT_ALIVE));
	}

	private Map<Traffic, Duration> percentiles(String scheduling) {
		ClusterApplication application = this.cluster.application()
			.workers(WORKERS)
			.args("--cluster.scheduling=" + scheduling, "--server.tomcat.threads.max=" + THREADS)
			.start();
		application.awaitReady(WORKERS);
		Map<Traffic, Duration> percentiles = new EnumMap<>(Traffic.class);
		for (Traffic traffic : new Traffic[] { Traffic.MIXED_NEW_CONNECTION, Traffic.MIXED_KEPT_ALIVE }) {
			try (RunningLoad load = application.load().clients(traffic, 20).pause(Duration.ofMillis(10)).start()) {
				load.awaitTotal(REQUESTS);
				LoadResult result = load.stop();
				System.out.println(scheduling + ":\n\n" + result);
				assertThat(result.failed()).isEmpty();
				percentiles.put(traffic,
						result.perTraffic().stream().map(TrafficSummary::percentile99).findFirst().orElseThrow());
			}
		}
		application.signal("TERM");
		application.awaitExit(Duration.ofSeconds(30));
		return percentiles;
	}

}
