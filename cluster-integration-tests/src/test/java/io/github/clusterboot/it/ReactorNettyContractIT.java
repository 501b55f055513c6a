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
	 * Fault C5. With two seconds of quiet the worker would be killed.
	 */
	@Test
	void drainWhenARequestTakesMostOfItsTimeDestroysTheBeans() throws Exception {
		ClusterReport.WorkerReport leaver = plain().awaitReady(2).workers().get(0);
		try (HttpConnection connection = connectionTo(leaver.id())) {
			connection.send("GET", "/slow?millis=5900", Map.of(), new byte[0]);
			Signals.send("TERM", leaver.pid());
			assertThat(connection.receive().workerId()).isEqualTo(leaver.id());
		}
		EventReport exited = plain().awaitExitOf(leaver);
		assertThat(exited.exitCode()).isEqualTo(143);
		assertThat(exited.reason()).isEqualTo("REQUESTED");
		assertThat(plain().output()).contains("The beans are destroyed in process " + leaver.pid());
		plain().awaitReplacementOf(leaver);
	}

}
