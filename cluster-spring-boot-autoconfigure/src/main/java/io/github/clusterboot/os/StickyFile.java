package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Marks a file among temporary ones as one to keep: regular files with the sticky bit are
 * left alone by {@code systemd-tmpfiles}, see the XDG Base Directory Specification and
 * {@code dir_cleanup} in the source of systemd.
 */
public final class StickyFile {

	private static final int STICKY_OWNER_ONLY = 01600;

	private StickyFile() {
	}

	/**
	 * Set the sticky bit of a file, if possible.
	 * @param file the file, which only its owner can read and write afterwards
	 */
	public static void keep(Path file) {
		try {
			Files.setAttribute(file, "unix:mode", STICKY_OWNER_ONLY);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// only root may do that here, or the file system cannot
		}
	}

}
