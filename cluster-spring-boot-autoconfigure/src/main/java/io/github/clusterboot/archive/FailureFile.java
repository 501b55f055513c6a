package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A file that keeps all processes from trying what has just failed. May be used by any
 * thread.
 */
final class FailureFile {

	private static final Duration TIME_TO_RETRY = Duration.ofDays(1);

	private final Path path;

	/**
	 * When it failed if that could not be written: what has failed may keep that from
	 * being written as well.
	 */
	private volatile @Nullable Instant unwritten;

	FailureFile(Path path) {
		this.path = path;
	}

	/**
	 * Return whether it has failed recently.
	 * @return whether not to try
	 */
	boolean isRecent() {
		Instant noted = this.unwritten;
		if (noted != null && isRecent(noted)) {
			return true;
		}
		try {
			return isRecent(Files.getLastModifiedTime(this.path).toInstant());
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isRecent(Instant time) {
		return time.plus(TIME_TO_RETRY).isAfter(Instant.now());
	}

	/**
	 * Note that it has failed.
	 * @param failure the cause, as text
	 * @throws IOException if that cannot be written; it holds in this process all the
	 * same
	 */
	void write(String failure) throws IOException {
		try {
			AtomicFile.write(this.path, failure);
		}
		catch (IOException ex) {
			this.unwritten = Instant.now();
			throw ex;
		}
	}

}
