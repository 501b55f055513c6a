package io.github.clusterboot.it;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster of a user that has no name and no home, as on platforms that choose an id for
 * each container.
 */
class NamelessUserIT extends AbstractUserTests {

	NamelessUserIT() {
		super(RunAs.NAMELESS);
	}

	@Override
	void assertCapabilities(long capabilities) {
		assertThat(capabilities).isZero();
	}

}
