package io.github.clusterboot.it;

import java.time.Duration;

import io.github.clusterboot.it.app.TestApplication;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What reads the log of the cluster has stopped reading it: that is the log's loss, and
 * nobody else's.
 */
@Tag("alone")
@Tag("one-jdk")
class StoppedLogReaderIT {

	private static final int WORKERS = 2;

	private static final int DEATHS = 5;

	/**
	 * What a pipe holds at the least: it has 16 pages, see {@code pipe(7)}, and a line
	 * that does not fit into the rest of one begins the next.
	 */
	private static final int FULL_PIPE = 48 * 1024;

	private static final Duration WORSE_AT_MOST = Duration.ofSeconds(1);

	private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Fault F2.
	 */
	@Test
	void deathsRestartAndTermWhenNobodyReadsTheLogAreAsWithAReader() {
		ClusterApplication read = application().start();
		Duration longestWhenRead = longestWait(read);
		stop(read);
		ClusterApplication unread = application().port(FreePorts.first(1)).outputUnread().start();
		unread.awaitReady(WORKERS);
		fillPipe(unread);
		Duration longestWhenUnread = longestWait(unread);
		stop(unread);
		System.out.println("The longest wait of a request is %d ms with a reader of the log, and %d ms without one."
			.formatted(longestWhenRead.toMillis(), longestWhenUnread.toMillis()));
		assertThat(longestWhenUnread).isLessThan(longestWhenRead.plus(WORSE_AT_MOST));
	}

	private ClusterApplicationBuilder application() {
		return this.cluster.application()
			.mainClass(TestApplication.class)
			.workers(WORKERS)
			.args("--cluster.restart.initial-delay=50ms", "--cluster.restart.max-delay=50ms");
	}

	private static void fillPipe(ClusterApplication application) {
		assertThat(application.probe().post("/print?lines=100&length=1000")).matches(HttpAnswer::isOk);
		application.await("a full pipe").until(() -> application.unreadOutput() >= FULL_PIPE);
	}

	private static Duration longestWait(ClusterApplication application) {
		application.awaitReady(WORKERS);
		try (PersistentClient client = new PersistentClient(application, "/process")) {
			for (int i = 0; i < DEATHS; i++) {
				ClusterReport.WorkerReport victim = application.report().workers().get(0);
				Signals.send("KILL", victim.pid());
				application.awaitReplacementOf(victim);
				application.awaitReady(WORKERS);
			}
			application.signal("HUP");
			application.awaitGeneration(2, WORKERS);
			return client.longestWait();
		}
	}

	private static void stop(ClusterApplication application) {
		application.signal("TERM");
		assertThat(application.awaitExit(TIME_TO_STOP)).isEqualTo(143);
		application.awaitNoProcess(Duration.ofSeconds(1));
	}

}
