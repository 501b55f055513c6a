package io.github.clusterboot.it;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of a server, on Reactor Netty.
 */
class ReactorNettyContractIT extends AbstractServerContractTests {

	ReactorNettyContractIT() {
		super(TestServer.NETTY);
	}

	/**
	 * Fault C5. With two seconds of quiet after the request the worker would be killed.
	 */
	@Test
	void drainWhenARequestTakesMostOfItsTimeDestroysTheBeans() throws Exception {
		ClusterApplication application = this.cluster.application()
			.extracted(TestServer.NETTY.jar())
			.workers(1)
			.args("--cluster.worker.drain-timeout=4s")
			.start();
		ClusterReport.WorkerReport leaver = application.awaitReady(1).workers().get(0);
		try (HttpConnection connection = application.probe().connect()) {
			connection.send("GET", "/slow?millis=2200", Map.of(), new byte[0]);
			Signals.send("TERM", leaver.pid());
			assertThat(connection.receive().workerId()).isEqualTo(leaver.id());
		}
		EventReport exited = application.awaitExitOf(leaver);
		assertThat(exited.exitCode()).isEqualTo(143);
		assertThat(exited.reason()).isEqualTo("REQUESTED");
		assertThat(application.output()).contains("The beans are destroyed in process " + leaver.pid());
	}

}
