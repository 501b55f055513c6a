package io.github.clusterboot.archive;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A list of classes that a worker writes.
 *
 * @param id the worker's id
 * @param key the key of the entry, with the files that the worker was started from
 * @param entry the entry that is to have the archive
 * @param list the file with the list
 * @param begun whether the archive is being made
 */
record ClassRecording(int id, CacheKey key, CacheEntry entry, Path list, AtomicBoolean begun) {

	ClassRecording(int id, CacheKey key, CacheEntry entry, Path list) {
		this(id, key, entry, list, new AtomicBoolean());
	}

}
