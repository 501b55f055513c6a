package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * The jar that this JVM runs from. It may be replaced by another, but not overwritten: a
 * JVM reads classes from its jar as it needs them.
 */
final class InstalledJar {

	private static final Log logger = MasterLog.of(InstalledJar.class);

	private final Path jar;

	private final @Nullable State state;

	private boolean reported;

	/**
	 * Remember the jar.
	 * @param jar where it is; a directory is not looked at
	 */
	InstalledJar(Path jar) {
		this.jar = jar;
		this.state = state();
	}

	/**
	 * Check whether it has been overwritten, and log that once. The classes that this
	 * takes have been loaded by then.
	 */
	void check() {
		if (!this.reported && isOverwritten()) {
			this.reported = true;
			logger.warn(this.jar + " was overwritten, so master and workers that run from it miss classes. Restart the "
					+ "master, and next time replace the file by a rename.");
		}
	}

	boolean isOverwritten() {
		State now = state();
		return this.state != null && now != null && this.state.key().equals(now.key()) && !this.state.equals(now);
	}

	private @Nullable State state() {
		try {
			BasicFileAttributes attributes = Files.readAttributes(this.jar, BasicFileAttributes.class);
			Object key = attributes.fileKey();
			return (attributes.isRegularFile() && key != null)
					? new State(key, attributes.size(), attributes.lastModifiedTime().toMillis()) : null;
		}
		catch (IOException ex) {
			// not there just now
			return null;
		}
	}

	/**
	 * Size and time differ once the file has been written to; the key differs in a file
	 * that takes its name.
	 */
	private record State(Object key, long size, long modified) {
	}

}
