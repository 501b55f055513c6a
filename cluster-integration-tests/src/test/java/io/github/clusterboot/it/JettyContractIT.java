package io.github.clusterboot.it;

/**
 * The contract of a server, on Jetty.
 */
class JettyContractIT extends AbstractServerContractTests {

	JettyContractIT() {
		super(TestServer.JETTY);
	}

}
