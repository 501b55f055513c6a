package io.github.clusterboot.it;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker dies, the cluster heals.
 */
class WorkerDeathIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Conformance L3.
	 */
	@Test
	void killWhenWorkerIsIdleFailsNoRequestAndReplacesIt() {
		ClusterApplication application = this.cluster.application().workers(2).start();
		ClusterReport.WorkerReport victim = application.awaitReady(2).worker(1);
		Signals.send("KILL", victim.pid());
		assertThat(application.probe().get("/worker", 40, 4)).allMatch(HttpAnswer::isOk);
		EventReport exited = application.awaitEvent("the exit", (event) -> event.is("WORKER_EXITED", 1));
		assertThat(exited.exitCode()).isEqualTo(137);
		assertThat(exited.reason()).isEqualTo("CRASHED");
		EventReport ready = application.awaitEvent("the replacement", (event) -> event.is("WORKER_READY", 3));
		assertThat(ready.worker().index()).isEqualTo(victim.index());
		ClusterReport healed = application.awaitReady(2);
		assertThat(healed.workers()).extracting(ClusterReport.WorkerReport::id).containsExactly(2, 3);
		assertThat(healed.restarts()).isEqualTo(new ClusterReport.Restarts(1, 1));
		assertThat(lifeOf(1, application.events())).containsExactly("WORKER_STARTED", "WORKER_ONLINE",
				"WORKER_LISTENING", "WORKER_READY", "WORKER_EXITED");
	}

	private static List<String> lifeOf(int workerId, List<EventReport> events) {
		return events.stream()
			.filter((event) -> event.worker() != null && event.worker().id() == workerId)
			.map(EventReport::type)
			.filter((type) -> !type.equals("WORKER_RESTART_SCHEDULED"))
			.toList();
	}

}
