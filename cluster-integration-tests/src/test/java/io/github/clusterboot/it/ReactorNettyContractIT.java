package io.github.clusterboot.it;

/**
 * The contract of a server, on Reactor Netty.
 */
class ReactorNettyContractIT extends AbstractServerContractTests {

	ReactorNettyContractIT() {
		super(TestServer.NETTY);
	}

}
