package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The master dies: nothing of the cluster outlives it for long.
 */
class MasterDeathIT {

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration TIME_TO_EXIT = Duration.ofSeconds(2);

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Conformance L5.
	 */
	@Test
	void killWhenWorkersAreBusyAndHungLeavesNoProcessAndNextStartDeletesItsFiles() throws IOException {
		ClusterApplication application = this.cluster.application()
			.workers(2)
			.args("--cluster.worker.drain-timeout=" + DRAIN_TIMEOUT.toSeconds() + "s")
			.start();
		application.awaitReady(2);
		try (HttpConnection busy = application.probe().connect(); HttpConnection hung = application.probe().connect()) {
			int busyWorker = busy.get("/worker").workerId();
			assertThat(hung.post("/hang").workerId()).isNotEqualTo(busyWorker);
			hung.send("GET", "/worker", Map.of(), new byte[0]);
			busy.send("GET", "/slow?millis=60000", Map.of(), new byte[0]);
			application.awaitRequestIn(busyWorker);
			List<Path> left = application.runDirectories();
			assertThat(left).hasSize(1);
			application.signal("KILL");
			application.awaitNoProcess(DRAIN_TIMEOUT.plus(TIME_TO_EXIT));
			assertNextStartDeletes(left.get(0));
		}
	}

	private void assertNextStartDeletes(Path left) {
		ClusterApplication next = this.cluster.application().workers(1).temporary(left.getParent()).start();
		Awaitility.await("the old files' end").atMost(Duration.ofSeconds(20)).until(() -> Files.notExists(left));
		next.signal("TERM");
		assertThat(next.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

}
