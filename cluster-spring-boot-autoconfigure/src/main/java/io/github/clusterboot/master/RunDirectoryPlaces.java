package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import io.github.clusterboot.ipc.RunDirectory;
import io.github.clusterboot.os.FileFailure;
import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.RuntimeDirectories;
import io.github.clusterboot.os.SafePath;

/**
 * Where a run directory may be made, best place first: the service's own runtime
 * directory, see {@code RuntimeDirectory=} in {@code systemd.exec(5)}, then the JVM's
 * directory for temporary files, then {@code /tmp}, then {@code /dev/shm}. The last is
 * there in containers whose root directory is read-only, and sticky, while a volume that
 * is mounted as {@code /tmp} may be neither: an {@code emptyDir} of Kubernetes has mode
 * 0777. It comes last also because {@code logind} deletes a normal user's files there
 * when that user logs out for the last time, see {@code RemoveIPC=} in
 * {@code logind.conf(5)}.
 * <p>
 * Not {@code XDG_RUNTIME_DIR}: it is removed with all that is in it when its user logs
 * out for the last time, see {@code pam_systemd(8)}, while a cluster that was started
 * with {@code nohup} lives on; and it is small, a tenth of the memory for everything that
 * the user's session keeps there.
 *
 * @param runtimeDirectories the service's directories
 * @param temporaryDirectories directories for the files of many
 */
record RunDirectoryPlaces(List<Path> runtimeDirectories, List<Path> temporaryDirectories) {

	static final String PREFIX = "cluster-boot-";

	/**
	 * The longest name that {@link java.nio.file.Files#createTempDirectory} may choose.
	 */
	private static final String LONGEST_NAME = PREFIX + Long.toUnsignedString(-1L);

	/**
	 * Return the places of this process.
	 * @param environment the process's environment
	 * @return the places
	 */
	static RunDirectoryPlaces of(Map<String, String> environment) {
		return new RunDirectoryPlaces(RuntimeDirectories.of(environment),
				List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp"), Path.of("/dev/shm")));
	}

	static RunDirectoryPlaces of(Path temporaryDirectory) {
		return new RunDirectoryPlaces(List.of(), List.of(temporaryDirectory));
	}

	/**
	 * Make something in the first place that can be used.
	 * @param maker makes it
	 * @return what was made
	 * @throws IOException if it can be made in none of them; the message says why
	 */
	<T> T inFirst(Maker<T> maker) throws IOException {
		StringJoiner reasons = new StringJoiner("; ");
		for (Path place : all()) {
			try {
				return maker.makeIn(checked(place));
			}
			catch (IOException ex) {
				reasons.add(FileFailure.describe(place, ex));
			}
		}
		throw new IOException("There is no directory for the files of the cluster (" + reasons + ")");
	}

	/**
	 * Return all places, each once.
	 * @return the places, best first
	 */
	List<Path> all() {
		List<Path> all = new ArrayList<>(this.runtimeDirectories);
		all.addAll(this.temporaryDirectories);
		return all.stream().distinct().toList();
	}

	private Path checked(Path place) throws IOException {
		Path real = place.toRealPath();
		RunDirectory longest = new RunDirectory(real.resolve(LONGEST_NAME));
		if (longest.socket().toString().getBytes().length >= RunDirectory.MAX_SOCKET_PATH) {
			throw new IOException("its path is too long for a socket");
		}
		SafePath.check(real);
		if (this.runtimeDirectories.contains(place)) {
			FileState state = FileState.of(real);
			if (!state.isOwn() || state.isWritableByOthers()) {
				throw new IOException("it is not this user's alone");
			}
		}
		return real;
	}

	/**
	 * Makes something in a directory.
	 *
	 * @param <T> what it makes
	 */
	@FunctionalInterface
	interface Maker<T> {

		T makeIn(Path place) throws IOException;

	}

}
