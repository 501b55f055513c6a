package io.github.clusterboot.it;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A management port of its own is a second listener of the master.
 */
class ManagementPortIT {

	private static final Pattern LISTENER = Pattern.compile("Listening on port (\\d+) \\('management'");

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Conformance P2. Any worker answers.
	 */
	@Test
	void startWhenBothPortsAreRandomSharesEachAmongAllWorkers() {
		ClusterApplication application = this.cluster.application()
			.workers(2)
			.args("--management.server.port=0")
			.start();
		application.awaitOutput("The cluster is running");
		Matcher listener = LISTENER.matcher(application.output());
		assertThat(listener.find()).isTrue();
		int port = Integer.parseInt(listener.group(1));
		assertThat(listener.find()).isFalse();
		assertThat(port).isNotEqualTo(application.port());
		HttpProbe management = new HttpProbe(port, Duration.ofSeconds(10));
		assertThat(management.get("/actuator/cluster", 20, 2)).allMatch(HttpAnswer::isOk)
			.extracting((answer) -> answer.json(ClusterReport.class).answeredBy().id())
			.containsOnly(1, 2);
		assertThat(management.get("/actuator/cluster").json(ClusterReport.class).listeners())
			.extracting(ClusterReport.ListenerReport::port)
			.containsExactlyInAnyOrder(application.port(), port);
		assertThat(application.probe().get("/worker", 20, 2)).allMatch(HttpAnswer::isOk)
			.extracting(HttpAnswer::workerId)
			.containsOnly(1, 2);
	}

	/**
	 * Conformance P8.
	 */
	@Test
	void startWhenThePortIsExclusiveGivesEachWorkerItsOwn() {
		int base = (FreePorts.first(12) + 9) / 10 * 10;
		ClusterApplication application = this.cluster.application()
			.workers(2)
			.args("--cluster.exclusive-listeners=management",
					"--management.server.port=" + base / 10 + "${cluster.worker.index}")
			.start();
		application.awaitOutput("The cluster is running");
		for (int index = 0; index < 2; index++) {
			HttpProbe management = new HttpProbe(base + index, Duration.ofSeconds(10));
			ClusterReport report = management.get("/actuator/cluster").json(ClusterReport.class);
			assertThat(report.answeredBy().index()).isEqualTo(index);
			assertThat(report.listeners()).extracting(ClusterReport.ListenerReport::port)
				.containsExactly(application.port());
		}
	}

}
