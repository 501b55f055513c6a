package io.github.clusterboot.master.process;

import java.io.IOException;

import io.github.clusterboot.ipc.RunDirectory;

/**
 * Knows where the run directory is, which may have to be made again before a worker is
 * started.
 */
@FunctionalInterface
public interface RunDirectorySource {

	/**
	 * Look, and recreate what is missing. Not to be called on the event loop.
	 * @return where the files are now
	 * @throws IOException if something is missing and cannot be recreated
	 */
	RunDirectory current() throws IOException;

}
