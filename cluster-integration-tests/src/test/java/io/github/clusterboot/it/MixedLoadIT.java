package io.github.clusterboot.it;

import java.time.Duration;
import java.util.ArrayList;
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
 * Requests of 5 ms, and 2 of 100 that take 500 ms, from more clients than the workers
 * have threads: how long 99 of 100 take with each policy. A measurement, for the long
 * run: rounds of both policies take turns, and the medians are compared.
 */
@EnabledIf("io.github.clusterboot.it.ItSettings#isLong")
@Tag("alone")
class MixedLoadIT {

	private static final int WORKERS = 4;

	private static final int THREADS = 2;

	private static final int NEW_CONNECTION_CLIENTS = 48;

	private static final int KEPT_ALIVE_CLIENTS = 16;

	private static final Duration PAUSE = Duration.ofMillis(100);

	private static final int ROUNDS = 3;

	private static final int REQUESTS_PER_ROUND = 10_000;

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Conformance D8.
	 */
	@Test
	void leastConnectionsKeepsRequestsFromWaitingForLongOnes() {
		ClusterApplication inTurn = start("round-robin");
		ClusterApplication leastBusy = start("least-connections");
		List<Duration> timesInTurn = new ArrayList<>();
		List<Duration> timesLeastBusy = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			timesInTurn.add(percentile99("round-robin", inTurn));
			timesLeastBusy.add(percentile99("least-connections", leastBusy));
		}
		assertThat(median(timesLeastBusy)).as("median of %s, round robin %s", timesLeastBusy, timesInTurn)
			.isLessThan(median(timesInTurn));
	}

	private ClusterApplication start(String scheduling) {
		ClusterApplication application = this.cluster.application()
			.workers(WORKERS)
			.args("--cluster.scheduling=" + scheduling, "--server.tomcat.threads.max=" + THREADS,
					"--server.tomcat.threads.min-spare=" + THREADS)
			.start();
		application.awaitReady(WORKERS);
		return application;
	}

	private static Duration percentile99(String scheduling, ClusterApplication application) {
		try (RunningLoad load = application.load()
			.clients(Traffic.MIXED_NEW_CONNECTION, NEW_CONNECTION_CLIENTS)
			.clients(Traffic.MIXED_KEPT_ALIVE, KEPT_ALIVE_CLIENTS)
			.pause(PAUSE)
			.start()) {
			load.awaitTotal(REQUESTS_PER_ROUND);
			LoadResult result = load.stop();
			assertThat(result.failed()).isEmpty();
			List<Duration> times = result.exchanges().stream().map(Exchange::elapsed).sorted().toList();
			Duration percentile = times.get(times.size() * 99 / 100);
			System.out.println(scheduling + ", 99 of 100 within " + percentile.toMillis() + " ms:\n\n" + result);
			return percentile;
		}
	}

	private static Duration median(List<Duration> times) {
		return times.stream().sorted().toList().get(times.size() / 2);
	}

}
