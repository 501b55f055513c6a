package io.github.clusterboot.master;

import java.io.File;
import java.io.FileFilter;
import java.util.regex.Pattern;

import io.github.clusterboot.ipc.RunDirectory;

/**
 * Deletes the files in a run directory, but for its lock, by {@link File}, which does so
 * without a look: that may be refused. A directory that cannot be listed for lack of a
 * descriptor loses its socket alone, which is always in it.
 */
final class RunDirectoryFiles {

	/**
	 * What master and workers write there, some of it for a moment only.
	 */
	private static final Pattern KNOWN = Pattern.compile("master\\.sock|passed\\.sock|lock\\.new"
			+ "|worker-\\d+(?:-\\d+)?\\.args|worker-\\d+\\.classes|compiler-\\d+\\.json");

	private RunDirectoryFiles() {
	}

	/**
	 * Delete everything.
	 * @param directory the directory, which has been looked at
	 */
	static void deleteAll(File directory) {
		delete(directory, (file) -> !file.getName().equals(RunDirectoryLock.NAME));
	}

	/**
	 * Delete what master and workers may have written there.
	 * @param directory the directory, which may be another one
	 */
	static void deleteKnown(File directory) {
		delete(directory, (file) -> KNOWN.matcher(file.getName()).matches());
	}

	private static void delete(File directory, FileFilter filter) {
		new RunDirectory(directory.toPath()).socket().toFile().delete();
		File[] files = directory.listFiles(filter);
		if (files != null) {
			for (File file : files) {
				file.delete();
			}
		}
	}

}
