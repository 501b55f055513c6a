package io.github.clusterboot.master;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The user that the processes under test run as, who has no capabilities: the build's
 * own, or {@code nobody} if root builds.
 */
public final class OrdinaryUser {

	private static final int NOBODY = 65534;

	private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

	private static final boolean BUILT_BY_ROOT = isRoot();

	private OrdinaryUser() {
	}

	private static boolean isRoot() {
		try {
			return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return whether this process is another user's, so that what it has must be made
	 * accessible.
	 * @return whether root builds
	 */
	public static boolean isAnother() {
		return BUILT_BY_ROOT;
	}

	/**
	 * Return a command as the ordinary user is to run it. The process is the same, since
	 * {@code setpriv} executes the command in its place.
	 * @param command the command
	 * @return the command with what goes before it
	 */
	public static List<String> command(List<String> command) {
		if (!BUILT_BY_ROOT) {
			return command;
		}
		if (!Files.isExecutable(SETPRIV)) {
			throw new IllegalStateException("Root builds, and processes under test are not to run as root: that takes "
					+ SETPRIV + ", of the package util-linux. Or build as an ordinary user");
		}
		List<String> prefixed = new ArrayList<>(List.of(SETPRIV.toString(), "--reuid=" + NOBODY, "--regid=" + NOBODY,
				"--clear-groups", "--bounding-set=-all", "--inh-caps=-all"));
		prefixed.addAll(command);
		return prefixed;
	}

	/**
	 * Make a directory or file one of the ordinary user.
	 * @param path the path
	 * @return the path
	 * @throws IOException if that is not possible
	 */
	static Path own(Path path) throws IOException {
		if (BUILT_BY_ROOT) {
			Files.setAttribute(path, "unix:uid", NOBODY);
		}
		return path;
	}

	/**
	 * Fail with a reason if the ordinary user cannot use a directory.
	 * @param directory the directory
	 * @return the directory
	 * @throws IOException if that cannot be found out
	 */
	static Path requireReadable(Path directory) throws IOException {
		try {
			int code = new ProcessBuilder(command(List.of("test", "-r", directory.toString()))).start().waitFor();
			if (code != 0) {
				throw new IllegalStateException("Root builds, and processes under test cannot read " + directory
						+ " as user " + NOBODY + ". Build where everybody may read (not below a home directory, and"
						+ " with umask 022), or as an ordinary user");
			}
			return directory;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
