package io.github.clusterboot.it;

/**
 * The contract of a server, on Tomcat.
 */
class TomcatContractIT extends AbstractServerContractTests {

	TomcatContractIT() {
		super(TestServer.TOMCAT);
	}

}
