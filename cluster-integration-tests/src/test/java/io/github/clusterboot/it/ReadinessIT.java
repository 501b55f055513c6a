package io.github.clusterboot.it;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker whose application refuses traffic gets none.
 */
class ReadinessIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void refuseReadinessWhenOneWorkerDoesIsOutOfServiceAndOtherServes() {
		ClusterApplication application = this.cluster.application()
			.workers(2)
			.args("--sample.refuse-readiness=${REFUSE_${cluster.worker.index}:false}")
			.environment("REFUSE_1", "true")
			.start();
		EventReport event = application.awaitEvent("the refusal", (any) -> any.is("WORKER_OUT_OF_SERVICE", 2));
		assertThat(event.reason()).isNull();
		ClusterReport report = application.awaitReport("a ready worker", (any) -> any.size().ready() == 1);
		assertThat(report.worker(1).state()).isEqualTo("READY");
		assertThat(report.worker(2).state()).isEqualTo("OUT_OF_SERVICE");
		assertThat(report.size()).isEqualTo(new ClusterReport.Size(2, 1));
		assertThat(report.restarts()).isEqualTo(new ClusterReport.Restarts(0, 0));
		assertThat(application.probe().get("/worker", 50, 4)).allMatch(HttpAnswer::isOk)
			.extracting(HttpAnswer::workerId)
			.containsOnly(1);
	}

}
