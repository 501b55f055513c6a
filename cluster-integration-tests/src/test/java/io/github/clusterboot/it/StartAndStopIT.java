package io.github.clusterboot.it;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cluster starts, answers and ends as the README says.
 */
class StartAndStopIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void startWhenPlainJvmAnswersAndEndsWith143OnTerm() {
		ClusterApplication application = this.cluster.application().plainJvm().workers(2).start();
		ClusterReport report = application.awaitReady(2);
		assertThat(report.state()).isEqualTo("RUNNING");
		assertThat(report.master().pid()).isEqualTo(application.pid());
		assertThat(report.workers()).extracting(ClusterReport.WorkerReport::pid)
			.containsExactlyInAnyOrderElementsOf(application.workerPids());
		HttpAnswer answer = application.probe().get("/worker");
		assertThat(answer).matches(HttpAnswer::isOk);
		assertThat(answer.text()).contains("\"pid\":" + report.worker(answer.workerId()).pid());
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	@Test
	void termWhenRequestIsBeingServedLetsItEnd() {
		ClusterApplication application = this.cluster.application().workers(2).start();
		application.awaitReady(2);
		CompletableFuture<HttpAnswer> slow = application.probe().getLater("/slow?millis=2000");
		application.awaitReport("the slow request", StartAndStopIT::countsAnotherRequest);
		application.signal("TERM");
		assertThat(slow.join()).matches(HttpAnswer::isOk);
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	// The worker that answers may count the report's own request.
	private static boolean countsAnotherRequest(ClusterReport report) {
		return report.workers()
			.stream()
			.anyMatch((worker) -> worker.id() != report.answeredBy().id() && worker.requests().active() > 0);
	}

	/**
	 * Conformance P3.
	 */
	@Test
	void startWhenPortIsInUseReportsItOnceAndEndsWith1() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			ClusterApplication application = this.cluster.application().workers(2).port(other.getLocalPort()).start();
			assertThat(application.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
			assertThat(application.output()).containsOnlyOnce("APPLICATION FAILED TO START")
				.containsOnlyOnce("Port " + other.getLocalPort() + " was already in use")
				.doesNotContain("\tat ");
		}
	}

}
