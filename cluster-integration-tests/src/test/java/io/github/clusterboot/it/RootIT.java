package io.github.clusterboot.it;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster of root, which the kernel refuses nothing.
 */
class RootIT extends AbstractUserTests {

	RootIT() {
		super(RunAs.ROOT);
	}

	@Override
	void assertCapabilities(long capabilities) {
		assertThat(capabilities & CAP_NET_ADMIN).isEqualTo(CAP_NET_ADMIN);
	}

}
