package io.github.clusterboot.it;

import org.junit.jupiter.api.Tag;

/**
 * The contract of a server, on Jetty.
 */
@Tag("one-jdk")
class JettyContractIT extends AbstractServerContractTests {

	JettyContractIT() {
		super(TestServer.JETTY);
	}

}
