package io.github.clusterboot.it;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster of root in a container that was started without further options.
 */
class RootWithoutNetAdminIT extends AbstractUserTests {

	RootWithoutNetAdminIT() {
		super(RunAs.ROOT_WITHOUT_NET_ADMIN);
	}

	@Override
	void assertCapabilities(long capabilities) {
		assertThat(capabilities & CAP_NET_ADMIN).isZero();
	}

}
