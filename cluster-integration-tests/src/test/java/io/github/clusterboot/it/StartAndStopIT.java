package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cluster starts, answers and ends as the README says.
 */
class StartAndStopIT {

	private static final Duration TIME_TO_STOP = Duration.ofSeconds(20);

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void startWhenPlainJvmAnswersAndEndsWith143OnTerm() {
		ClusterApplication application = this.cluster.application()
			.jar(ItSettings.sampleJar())
			.plainJvm()
			.workers(2)
			.start();
		ClusterReport report = application.awaitReady(2);
		assertThat(report.state()).isEqualTo("RUNNING");
		assertThat(report.master().pid()).isEqualTo(application.pid());
		assertThat(report.workers()).extracting(ClusterReport.WorkerReport::pid)
			.containsExactlyInAnyOrderElementsOf(application.workerPids());
		HttpAnswer answer = application.probe().get("/worker");
		assertThat(answer).matches(HttpAnswer::isOk);
		assertThat(answer.text()).contains("\"pid\":" + report.worker(answer.workerId()).pid());
		application.signal("TERM");
		assertThat(application.awaitExit(TIME_TO_STOP)).isEqualTo(143);
	}

	/**
	 * Conformance L6.
	 */
	@Test
	void termWhenRequestIsBeingServedLetsItEndAndAllWorkersExitCleanly() throws IOException {
		ClusterApplication application = this.cluster.application().workers(2).start();
		ClusterReport report = application.awaitReady(2);
		try (HttpConnection client = application.probe().connect()) {
			sendSlowRequest(application, client, "/slow?millis=2000");
			application.signal("TERM");
			assertThat(client.receive()).matches(HttpAnswer::isOk);
			assertThat(application.awaitExit(TIME_TO_STOP)).isEqualTo(143);
		}
		assertThat(report.workers()).allSatisfy((worker) -> assertThat(application.output()).containsOnlyOnce(
				"worker %d (pid %d) has exited with code 0 (REQUESTED)".formatted(worker.id(), worker.pid())));
		application.awaitNoProcess(Duration.ofSeconds(1));
	}

	@Test
	void intWhenTerminalSendsItToAllProcessesIsActedOnByMasterAlone() throws IOException {
		ClusterApplication application = this.cluster.application()
			.workers(1)
			// a shell may have put the tests into the background, with INT ignored
			.through("env", "--default-signal=INT", "setsid")
			.start();
		application.awaitReady(1);
		try (HttpConnection client = application.probe().connect()) {
			sendSlowRequest(application, client, "/slow?millis=2000");
			application.signalGroup("INT");
			assertThat(client.receive()).matches(HttpAnswer::isOk);
			assertThat(application.awaitExit(TIME_TO_STOP)).isEqualTo(130);
		}
		assertThat(application.output()).containsOnlyOnce("SIGINT").contains("has exited with code 0 (REQUESTED)");
	}

	@Test
	void termWhenSentTwiceEndsAtOnce() throws IOException {
		ClusterApplication application = this.cluster.application().workers(1).start();
		application.awaitReady(1);
		try (HttpConnection client = application.probe().connect()) {
			sendSlowRequest(application, client, "/slow?millis=60000");
			application.signal("TERM");
			application.awaitOutput("draining this worker");
			application.signal("TERM");
			assertThat(application.awaitExit(Duration.ofSeconds(3))).isEqualTo(143);
			assertThat(client.receive().outcome()).isIn(HttpAnswer.Outcome.SHORT, HttpAnswer.Outcome.RESET);
		}
	}

	private static void sendSlowRequest(ClusterApplication application, HttpConnection client, String target)
			throws IOException {
		int worker = client.get("/worker").workerId();
		client.send("GET", target, Map.of(), new byte[0]);
		application.awaitRequestIn(worker);
	}

}
