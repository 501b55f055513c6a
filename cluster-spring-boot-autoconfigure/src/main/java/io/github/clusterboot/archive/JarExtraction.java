package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import io.github.clusterboot.archive.BackgroundCommand.Priority;

/**
 * Has executable jars extracted, each once. May be used by several threads.
 */
final class JarExtraction {

	private final CacheWork work;

	/**
	 * The keys of the jars that are being extracted, or are about to be.
	 */
	private final Set<CacheKey> keys = new HashSet<>();

	JarExtraction(CacheWork work) {
		this.work = work;
	}

	/**
	 * Have a jar extracted, unless that has been done or begun. Does not wait for it.
	 * @param key the key of the entry, with the files that the application is started
	 * from
	 * @param entry the entry
	 * @param priority how much processor time it gets beside others
	 * @return whether a worker can be started: the entry has what was extracted, or there
	 * is nothing to extract
	 */
	boolean request(CacheKey key, CacheEntry entry, Priority priority) {
		Path jar = key.application().executableJar();
		if (jar == null || entry.isExtracted(jar)) {
			return true;
		}
		if (begin(key) && !this.work.begin((maker) -> extract(key, entry, jar, priority, maker), entry::fail)) {
			// the next worker tries again
			end(key);
		}
		return false;
	}

	private void extract(CacheKey key, CacheEntry entry, Path jar, Priority priority, ArchiveMaker maker)
			throws IOException, InterruptedException {
		try {
			maker.extract(entry, jar, priority);
		}
		finally {
			end(key);
		}
	}

	private synchronized boolean begin(CacheKey key) {
		return this.keys.add(key);
	}

	private synchronized void end(CacheKey key) {
		this.keys.remove(key);
	}

}
