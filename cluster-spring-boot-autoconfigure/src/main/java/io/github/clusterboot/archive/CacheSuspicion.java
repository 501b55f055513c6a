package io.github.clusterboot.archive;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds out whether the cache is to blame for a worker that has failed to start: if one
 * that was started from it has failed, the next ones are started without it. If one of
 * these gets ready, it is. If one of these fails as well, the application is, and if
 * another one gets ready from the cache it was something else.
 * <p>
 * As long as no worker has been ready from something of the cache only a few are started
 * from it at a time, so that a master that starts many at once does not give up because
 * of it. What a worker has been ready from is suspected only if several fail in a row: a
 * service that workers need may be unavailable for a moment.
 */
final class CacheSuspicion {

	/**
	 * Fewer than the failed starts in a row at which the master gives up.
	 */
	static final int UNPROVEN_AT_A_TIME = 3;

	private static final int FAILURES_OF_PROVEN = 3;

	private final Map<Integer, String> fromCache = new HashMap<>();

	private final Set<String> proven = new HashSet<>();

	private final Set<Integer> onTrial = new HashSet<>();

	private int failures;

	private boolean suspect;

	/**
	 * A worker is about to be started from the cache.
	 * @param id the worker's id
	 * @param what what it is started from
	 * @return {@code false} if it has to be started without the cache instead
	 */
	boolean startsFromCache(int id, String what) {
		boolean unproven = !this.proven.contains(what);
		if (this.suspect || (unproven && this.fromCache.size() >= UNPROVEN_AT_A_TIME)) {
			return false;
		}
		this.fromCache.put(id, what);
		return true;
	}

	void startsWithoutCache(int id) {
		if (this.suspect) {
			this.onTrial.add(id);
		}
	}

	/**
	 * A worker is ready.
	 * @param id the worker's id
	 * @return whether that shows that the cache is to blame
	 */
	boolean ready(int id) {
		String what = this.fromCache.remove(id);
		if (what != null) {
			this.proven.add(what);
			acquit();
		}
		return this.onTrial.remove(id) && this.suspect;
	}

	/**
	 * A worker has ended.
	 * @param id the worker's id
	 * @param failedToStart whether it has failed and was never ready
	 */
	void ended(int id, boolean failedToStart) {
		String what = this.fromCache.remove(id);
		this.onTrial.remove(id);
		if (!failedToStart) {
			return;
		}
		if (what == null) {
			acquit();
			return;
		}
		this.failures++;
		if (this.failures >= (this.proven.contains(what) ? FAILURES_OF_PROVEN : 1)) {
			this.suspect = true;
		}
	}

	private void acquit() {
		this.suspect = false;
		this.failures = 0;
	}

}
