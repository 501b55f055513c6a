package io.github.clusterboot.master;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.os.NativeTransport;

/**
 * What processes that were killed have left among the temporary files.
 */
final class Leftovers {

	private Leftovers() {
	}

	/**
	 * Delete them on a separate thread: a directory may have thousands of files, or be on
	 * a file system that does not answer, and no start waits for it.
	 * @param places where run directories are made
	 */
	static void deleteLater(List<Path> places) {
		Thread thread = new Thread(() -> delete(places, NativeTransport.libraryDirectory()), "cluster-cleanup");
		thread.setDaemon(true);
		thread.start();
	}

	static void delete(List<Path> places, Path libraryDirectory) {
		places.forEach(AbandonedRunDirectories::deleteIn);
		Stream.concat(places.stream(), Stream.of(libraryDirectory)).distinct().forEach(AbandonedFiles::deleteIn);
	}

}
