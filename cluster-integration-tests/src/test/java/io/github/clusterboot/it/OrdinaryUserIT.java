package io.github.clusterboot.it;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster of a user without privileges, as most are.
 */
class OrdinaryUserIT extends AbstractUserTests {

	OrdinaryUserIT() {
		super(RunAs.ORDINARY);
	}

	@Override
	void assertCapabilities(long capabilities) {
		assertThat(capabilities).isZero();
	}

}
