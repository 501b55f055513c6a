package io.github.clusterboot.bootstrap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CacheSuspicion}.
 */
class CacheSuspicionTests {

	private final CacheSuspicion suspicion = new CacheSuspicion();

	@Test
	void readyWhenOneFromTheCacheHasFailedAndTheNextOneHasNotBlamesTheCache() {
		failFromCache(1);
		this.suspicion.startsWithoutCache(2);
		assertThat(this.suspicion.ready(2)).isTrue();
	}

	@Test
	void readyWhenItWasStartedBeforeTheFailureBlamesNobody() {
		this.suspicion.startsWithoutCache(1);
		failFromCache(2);
		assertThat(this.suspicion.ready(1)).isFalse();
		assertThat(this.suspicion.isSuspect()).isTrue();
	}

	@Test
	void readyWhenAnotherOneFromTheCacheIsEndsTheSuspicion() {
		this.suspicion.startsFromCache(1);
		failFromCache(2);
		this.suspicion.startsWithoutCache(3);
		assertThat(this.suspicion.ready(1)).isFalse();
		assertThat(this.suspicion.isSuspect()).isFalse();
		assertThat(this.suspicion.ready(3)).isFalse();
	}

	@Test
	void endedWhenOneWithoutTheCacheFailsAsWellEndsTheSuspicion() {
		failFromCache(1);
		this.suspicion.startsWithoutCache(2);
		this.suspicion.ended(2, true);
		assertThat(this.suspicion.isSuspect()).isFalse();
	}

	@Test
	void endedWhenOneThatWasReadyEndsLeavesTheSuspicion() {
		failFromCache(1);
		this.suspicion.ended(7, false);
		assertThat(this.suspicion.isSuspect()).isTrue();
	}

	private void failFromCache(int id) {
		this.suspicion.startsFromCache(id);
		this.suspicion.ended(id, true);
		assertThat(this.suspicion.isSuspect()).isTrue();
	}

}
