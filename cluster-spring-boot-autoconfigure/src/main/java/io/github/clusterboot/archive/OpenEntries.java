package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a cache that this cluster has used. They stay open, so that no other
 * cluster deletes them. May be used by several threads.
 */
final class OpenEntries implements AutoCloseable {

	private static final Log logger = MasterLog.of(OpenEntries.class);

	private final CacheFolder folder;

	private final Runnable onOpen;

	private final Map<String, CacheEntry> entries = new HashMap<>();

	/**
	 * Create an empty set of entries.
	 * @param folder the folder with the entries
	 * @param onOpen called when another entry has been opened, which may be new; must not
	 * wait
	 */
	OpenEntries(CacheFolder folder, Runnable onOpen) {
		this.folder = folder;
		this.onOpen = onOpen;
	}

	/**
	 * Open the entry of a key, or return the open one.
	 * @param key the key, with the files that the application is started from
	 * @return the entry, which stays open, or {@code null} if there cannot be one
	 * @throws IOException if it cannot be read or written
	 */
	synchronized @Nullable CacheEntry open(CacheKey key) throws IOException {
		CacheEntry entry = this.entries.get(key.text());
		if (entry == null) {
			Path jar = key.application().executableJar();
			entry = this.folder.open((jar != null) ? jar.getFileName().toString() : "classes", key.text());
			if (entry != null) {
				this.entries.put(key.text(), entry);
				this.onOpen.run();
			}
		}
		return entry;
	}

	/**
	 * Delete old entries of others.
	 */
	synchronized void prune() {
		Set<Path> own = this.entries.values().stream().map(CacheEntry::directory).collect(Collectors.toSet());
		try {
			this.folder.prune(own);
		}
		catch (IOException ex) {
			// another cluster may be doing the same
			logger.debug("Old archives are still there", ex);
		}
	}

	/**
	 * Note that nothing starts from these entries.
	 * @param failure the cause, as text
	 */
	synchronized void failAll(String failure) {
		this.entries.values().forEach((entry) -> fail(entry, failure));
	}

	private static void fail(CacheEntry entry, String failure) {
		try {
			entry.fail(failure);
		}
		catch (IOException ex) {
			logger.debug("Cannot write to " + entry.directory(), ex);
		}
	}

	@Override
	public synchronized void close() {
		for (CacheEntry entry : this.entries.values()) {
			try {
				entry.close();
			}
			catch (IOException ex) {
				logger.debug("Cannot close " + entry.directory(), ex);
			}
		}
		this.entries.clear();
	}

}
