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
 * master's lock file, or has been empty for minutes; root deletes no other user's.
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
			if (!deleteIfLockedBy(RunDirectoryLock.NAME, directory) && AbandonedFiles.isOld(candidate)) {
				deleteUnlocked(directory);
			}
		}
	}

	/**
	 * A directory without a lock file is one that another master is about to lock, unless
	 * it has been killed before it could: it may have made the file, and nothing else.
	 */
	private static void deleteUnlocked(OwnDirectory directory) throws IOException {
		if (!deleteIfLockedBy(RunDirectoryLock.UNLOCKED, directory)) {
			// fails if there is anything in it
			directory.delete();
		}
	}

	/**
	 * Delete a directory if its master has ended.
	 * @param name the name of the lock file
	 * @return whether there is such a file
	 */
	private static boolean deleteIfLockedBy(String name, OwnDirectory directory) throws IOException {
		try (FileChannel channel = directory.openFile(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
				FileLock lock = (channel != null) ? RunDirectoryLock.ofAbandoned(channel) : null) {
			if (lock != null) {
				directory.deleteContents(name);
				directory.delete();
			}
			return channel != null;
		}
	}

}
