package io.github.clusterboot.ipc;

import java.nio.file.Path;

/**
 * The directory with the files of one running cluster.
 *
 * @param path the directory, which the master creates, owns and deletes
 */
public record RunDirectory(Path path) {

	/**
	 * System property that tells a worker its master's run directory.
	 */
	public static final String PROPERTY = "cluster.worker.run-directory";

	/**
	 * The most bytes that the path of a Unix-domain socket may have. The kernel's
	 * {@code sun_path} has 108 on Linux and 104 on macOS, see {@code unix(7)}.
	 */
	public static final int MAX_SOCKET_PATH = 100;

	/**
	 * Return the socket that workers connect to.
	 * @return the path of the socket
	 */
	public Path socket() {
		return this.path.resolve("master.sock");
	}

}
