package io.github.clusterboot.it;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter, which is built with Spring Boot 4.1, in an application on 4.0.
 */
class SpringBoot40IT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void applicationOnSpringBoot40RunsAsACluster() {
		ClusterApplication application = this.cluster.application()
			.jar(TestServer.TOMCAT.jarOnSpringBoot40())
			.workers(1)
			.start();
		ClusterReport before = application.awaitReady(1);
		assertThat(application.output()).contains("(v4.0.");
		assertThat(application.probe().get("/worker", 10, 2)).allMatch(HttpAnswer::isOk)
			.extracting(HttpAnswer::workerId)
			.containsOnly(1);
		ClusterReport.WorkerReport victim = before.workers().get(0);
		Signals.send("KILL", victim.pid());
		assertThat(application.awaitExitOf(victim).reason()).isEqualTo("CRASHED");
		application.awaitReady(1);
		application.signal("HUP");
		application.awaitGeneration(2, 1);
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	/**
	 * What Spring Boot 4.1 has a class for, older versions report as well.
	 */
	@Test
	void startWhenAPropertyIsUnusableReportsIt() {
		ClusterApplication application = this.cluster.application()
			.jar(TestServer.TOMCAT.jarOnSpringBoot40())
			.args("--cluster.workers=abc")
			.start();
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isOne();
		assertThat(application.output()).contains("APPLICATION FAILED TO START", "cluster.workers", "\"abc\"");
	}

}
