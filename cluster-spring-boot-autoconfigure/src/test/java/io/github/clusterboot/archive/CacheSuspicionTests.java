package io.github.clusterboot.archive;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CacheSuspicion}.
 */
class CacheSuspicionTests {

	private static final String ARCHIVE = "archive";

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
		assertThat(isSuspect()).isTrue();
	}

	@Test
	void readyWhenAnotherOneFromTheCacheIsEndsTheSuspicion() {
		assertThat(this.suspicion.startsFromCache(1, ARCHIVE)).isTrue();
		failFromCache(2);
		this.suspicion.startsWithoutCache(3);
		assertThat(this.suspicion.ready(1)).isFalse();
		assertThat(isSuspect()).isFalse();
		assertThat(this.suspicion.ready(3)).isFalse();
	}

	@Test
	void endedWhenOneWithoutTheCacheFailsAsWellEndsTheSuspicion() {
		failFromCache(1);
		this.suspicion.startsWithoutCache(2);
		this.suspicion.ended(2, true);
		assertThat(isSuspect()).isFalse();
	}

	@Test
	void endedWhenOneThatWasReadyEndsLeavesTheSuspicion() {
		failFromCache(1);
		this.suspicion.ended(7, false);
		assertThat(isSuspect()).isTrue();
	}

	@Test
	void startsFromCacheWhenNoneHasBeenReadyIsForAFewAtATime() {
		for (int id = 1; id <= CacheSuspicion.UNPROVEN_AT_A_TIME; id++) {
			assertThat(this.suspicion.startsFromCache(id, ARCHIVE)).isTrue();
		}
		assertThat(this.suspicion.startsFromCache(8, ARCHIVE)).isFalse();
		this.suspicion.ready(1);
		assertThat(this.suspicion.startsFromCache(8, ARCHIVE)).isTrue();
		assertThat(this.suspicion.startsFromCache(9, "another archive")).isFalse();
	}

	@Test
	void endedWhenOthersHaveBeenReadyFromTheSameIsNoSuspicionBeforeTheThird() {
		prove(1);
		fail(2);
		assertThat(isSuspect()).isFalse();
		fail(3);
		assertThat(isSuspect()).isFalse();
		fail(4);
		assertThat(isSuspect()).isTrue();
	}

	@Test
	void endedWhenOneIsReadyBetweenFailuresCountsAnew() {
		prove(1);
		fail(2);
		fail(3);
		prove(4);
		fail(5);
		fail(6);
		assertThat(isSuspect()).isFalse();
	}

	@Test
	void endedWhenOthersHaveBeenReadyFromSomethingElseIsASuspicion() {
		prove(1);
		this.suspicion.startsFromCache(2, "another archive");
		this.suspicion.ended(2, true);
		assertThat(isSuspect()).isTrue();
	}

	@Test
	void endedWhenSomethingElseIsSuspectedLeavesTheSuspicion() {
		prove(1);
		assertThat(this.suspicion.startsFromCache(2, ARCHIVE)).isTrue();
		assertThat(this.suspicion.startsFromCache(3, "another archive")).isTrue();
		this.suspicion.ended(3, true);
		this.suspicion.ended(2, true);
		assertThat(isSuspect()).isTrue();
	}

	private boolean isSuspect() {
		boolean suspect = !this.suspicion.startsFromCache(99, ARCHIVE);
		this.suspicion.ended(99, false);
		return suspect;
	}

	private void prove(int id) {
		this.suspicion.startsFromCache(id, ARCHIVE);
		assertThat(this.suspicion.ready(id)).isFalse();
	}

	private void fail(int id) {
		this.suspicion.startsFromCache(id, ARCHIVE);
		this.suspicion.ended(id, true);
	}

	private void failFromCache(int id) {
		assertThat(this.suspicion.startsFromCache(id, ARCHIVE)).isTrue();
		this.suspicion.ended(id, true);
		assertThat(isSuspect()).isTrue();
	}

}
