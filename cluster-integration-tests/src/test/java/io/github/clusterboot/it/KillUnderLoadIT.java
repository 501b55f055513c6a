package io.github.clusterboot.it;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.it.load.Exchange;
import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import io.github.clusterboot.it.load.Traffic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers are killed while clients send requests: only what they had open is lost.
 */
@Tag("alone")
class KillUnderLoadIT {

	private static final int WORKERS = 4;

	private static final int KILLS = ItSettings.isLong() ? 30 : 5;

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	private ClusterApplication application;

	@Test
	void killWhenUnderLoadLosesOnlyWhatTheWorkersHadOpen() throws InterruptedException {
		this.application = this.cluster.application()
			.recordingSample()
			.workers(WORKERS)
			.args("--cluster.restart.multiplier=1")
			.start();
		this.application.awaitReady(WORKERS);
		int descriptors = descriptorsOfMaster();
		try (RunningLoad load = this.application.load()
			.clients(Traffic.NEW_CONNECTION, 64)
			.clients(Traffic.KEPT_ALIVE, 64)
			.pause(ItSettings.pause(400))
			.start()) {
			load.awaitTotal(1000);
			List<Kill> kills = new ArrayList<>();
			for (int i = 0; i < KILLS; i++) {
				kills.add(killOne());
				// not for anything to happen: so many kills in so much time are the test
				TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
			}
			LoadResult result = load.stop();
			long open = kills.stream().mapToLong(Kill::openConnections).sum();
			System.out.println(KILLS + " workers killed, which had " + open + " connections open:\n\n" + result);
			assertThat(result.failed()).hasSizeLessThanOrEqualTo((int) open);
			assertThat(result.executedTwice()).isEmpty();
			assertThat(result.unrecorded()).isEmpty();
			assertThat(kills).allSatisfy((kill) -> assertThat(kill.waitedLongerIn(result)).isEmpty());
		}
		this.application.awaitReady(WORKERS);
		Awaitility.await("as many descriptors as before")
			.untilAsserted(() -> assertThat(descriptorsOfMaster()).isEqualTo(descriptors));
	}

	private int descriptorsOfMaster() {
		return ProcStatus.of(this.application.pid()).descriptors();
	}

	/**
	 * Kill a worker, as long as another is left to serve. It is stopped before, so that
	 * the number of its connections stands still.
	 */
	private Kill killOne() {
		List<ClusterReport.WorkerReport> ready = this.application
			.awaitReport("two ready workers", (report) -> report.size().ready() >= 2)
			.workers()
			.stream()
			.filter((worker) -> worker.state().equals("READY"))
			.toList();
		ClusterReport.WorkerReport victim = ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
		Signals.send("STOP", victim.pid());
		// a thread that still runs would take another connection
		Awaitility.await("every thread stopped").until(() -> ProcStatus.isStopped(victim.pid()));
		long open = TcpConnections.count(victim.pid(), this.application.port());
		Instant time = Instant.now();
		Signals.send("KILL", victim.pid());
		return new Kill(time, open);
	}

	/**
	 * A worker's death.
	 *
	 * @param time when it was killed
	 * @param openConnections how many connections it had open
	 */
	private record Kill(Instant time, long openConnections) {

		List<Exchange> waitedLongerIn(LoadResult result) {
			Instant latest = this.time.plus(LONGEST_WAIT);
			return result.exchanges()
				.stream()
				.filter((exchange) -> exchange.start().isBefore(this.time) && exchange.end().isAfter(latest))
				.toList();
		}

	}

}
