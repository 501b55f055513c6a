package io.github.clusterboot.bootstrap;

import java.util.HashSet;
import java.util.Set;

/**
 * Finds out whether the cache is to blame for a worker that has failed to start: if one
 * that was started from it has failed, the next ones are started without it. If one of
 * these gets ready, it is. If one of these fails as well, the application is, and if
 * another one gets ready from the cache it was something else.
 */
final class CacheSuspicion {

	private final Set<Integer> fromCache = new HashSet<>();

	private final Set<Integer> onTrial = new HashSet<>();

	private boolean suspect;

	/**
	 * Return whether workers have to be started without the cache for now.
	 * @return whether the last one that was started from it has failed
	 */
	boolean isSuspect() {
		return this.suspect;
	}

	void startsFromCache(int id) {
		this.fromCache.add(id);
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
		if (this.fromCache.remove(id)) {
			this.suspect = false;
		}
		return this.onTrial.remove(id) && this.suspect;
	}

	/**
	 * A worker has ended.
	 * @param id the worker's id
	 * @param failedToStart whether it has failed and was never ready
	 */
	void ended(int id, boolean failedToStart) {
		boolean cached = this.fromCache.remove(id);
		this.onTrial.remove(id);
		if (failedToStart) {
			this.suspect = cached;
		}
	}

}
