package io.github.clusterboot.it;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import io.github.clusterboot.it.load.Ending;
import io.github.clusterboot.it.load.Exchange;
import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cluster is stopped while clients send requests: what was accepted is answered.
 */
@Tag("alone")
class StopUnderLoadIT {

	private static final int WORKERS = ItSettings.isLong() ? 4 : 2;

	private static final int REQUESTS = ItSettings.isLong() ? 100_000 : 2_000;

	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);

	private static final Duration LAST_MOMENT = Duration.ofMillis(100);

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Fault F1. Root's kernel lets no new connection begin while the port closes; an
	 * ordinary user's may reset what began in the last moment before.
	 */
	@ParameterizedTest
	@EnumSource(names = { "ORDINARY", "ROOT" })
	void termWhenUnderLoadAnswersEveryRequestThatWasAccepted(RunAs user) {
		Assumptions.assumeTrue(user.isPossible(), "only root can run processes as " + user);
		ClusterApplication application = this.cluster.application()
			.user(user)
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
			List<Exchange> reset = resetWithTheQueue(result, stop);
			System.out.println("TERM to the master of " + user + ":\n\n" + result + "\n"
					+ "Reset with the queue of the port: " + reset.size());
			assertThat(result.failed()).as(result.toString())
				.isNotEmpty()
				.filteredOn((failed) -> failed.ending() != Ending.REFUSED || failed.end().isBefore(stop))
				.containsExactlyElementsOf((user == RunAs.ROOT) ? List.of() : reset);
			assertThat(result.executedTwice()).isEmpty();
			assertThat(result.unrecorded()).isEmpty();
		}
	}

	/**
	 * Return the requests over new connections that were reset and had begun in the last
	 * moment before the port closed.
	 */
	private static List<Exchange> resetWithTheQueue(LoadResult result, Instant stop) {
		Instant closed = result.failed()
			.stream()
			.filter((failed) -> failed.ending() == Ending.REFUSED)
			.map(Exchange::end)
			.min(Comparator.naturalOrder())
			.orElse(stop);
		return result.failed()
			.stream()
			.filter((failed) -> failed.ending() == Ending.RESET && failed.requestsBefore() == 0)
			.filter((failed) -> failed.start().isAfter(stop) && failed.start().isAfter(closed.minus(LAST_MOMENT)))
			.toList();
	}

}
