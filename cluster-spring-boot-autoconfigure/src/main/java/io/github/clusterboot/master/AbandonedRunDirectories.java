package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.OwnDirectory;
import org.apache.commons.logging.Log;

/**
 * Deletes what masters that were killed have left.
 * <p>
 * Others may write to the place where run directories are, and make what looks like one.
 * So a directory counts as one only if it is this user's, closed to others, and has a
 * master's lock file; root deletes no other user's.
 */
final class AbandonedRunDirectories {

	private static final Log logger = MasterLog.of(AbandonedRunDirectories.class);

	private AbandonedRunDirectories() {
	}

	static void deleteIn(Path place) {
		try (DirectoryStream<Path> candidates = Files.newDirectoryStream(place, RunDirectoryPlaces.PREFIX + "*")) {
			candidates.forEach(AbandonedRunDirectories::deleteIfAbandoned);
		}
		catch (IOException | DirectoryIteratorException ex) {
			logger.debug("Cannot look for abandoned run directories in " + place, ex);
		}
	}

	private static void deleteIfAbandoned(Path candidate) {
		try {
			FileState state = FileState.of(candidate);
			if (state.isDirectory() && state.isOwn() && state.isPrivate() && !OwnedRunDirectory.isHeldHere(state)) {
				lockAndDelete(candidate, state);
			}
		}
		catch (IOException ex) {
			// another master deletes it too, or it is not a run directory
			logger.debug("Cannot delete " + candidate, ex);
		}
	}

	private static void lockAndDelete(Path candidate, FileState state) throws IOException {
		try (OwnDirectory directory = OwnDirectory.open(candidate)) {
			if (!directory.state().equals(state)) {
				return;
			}
			// a directory without a lock file is one that another master is about to lock
			try (FileChannel channel = directory.openFile(RunDirectoryLock.NAME, StandardOpenOption.READ,
					StandardOpenOption.WRITE);
					FileLock lock = (channel != null) ? RunDirectoryLock.ofAbandoned(channel) : null) {
				if (lock != null) {
					directory.deleteContents(RunDirectoryLock.NAME);
					directory.delete();
				}
			}
		}
	}

}
