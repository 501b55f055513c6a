package io.github.clusterboot.it;

import io.github.clusterboot.it.app.MemoryApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose database is in the memory of its process has one worker, unless
 * somebody wants more.
 */
class MemoryDatabaseIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void startWhenNobodyHasChosenANumberKeepsToOneWorkerThatHealsUntilAnOperatorWantsMore() {
		ClusterApplication application = this.cluster.application()
			.mainClass(MemoryApplication.class)
			.jvmOptions("-XX:ActiveProcessorCount=2")
			.start();
		application.awaitOutput("keeps to 1 instead of 2");
		ClusterReport report = application.awaitReady(1);
		assertThat(report.size()).isEqualTo(new ClusterReport.Size(1, 1));
		assertThat(report.state()).isEqualTo("RUNNING");
		assertThat(report.limited()).isNotNull();
		assertThat(report.limited().to()).isOne();
		assertThat(report.limited().because()).contains("in the memory").contains("(jdbc:h2:mem:pets)");
		Signals.send("KILL", report.workers().get(0).pid());
		application.awaitReplacementOf(report.workers().get(0));
		assertThat(application.report().size().target()).isOne();
		assertThat(application.change("{\"workers\":2}").status()).isEqualTo(200);
		assertThat(application.awaitReady(2).limited()).isNull();
		assertThat(application.output().lines().filter((line) -> line.contains(" WARN ") && line.contains("jdbc:h2")))
			.hasSize(1);
	}

}
