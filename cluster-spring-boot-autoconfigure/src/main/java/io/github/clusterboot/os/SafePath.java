package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tells whether other users can replace what a path names: the rule by which {@code sshd}
 * judges files, see {@code StrictModes} in {@code sshd_config(5)}, with one exception,
 * that of directories like {@code /tmp}.
 */
public final class SafePath {

	private SafePath() {
	}

	/**
	 * Check a directory and all those above it: each must belong to this user, to root or
	 * to the owner of the root directory, which in some containers is not root. Others
	 * must not be able to write to it, unless it is sticky.
	 * @param directory a directory without a link in its path, see
	 * {@link Path#toRealPath}
	 * @throws IOException if another user can replace what is in it
	 */
	public static void check(Path directory) throws IOException {
		int owner = FileState.of(directory.getRoot()).uid();
		for (Path path = directory; path != null; path = path.getParent()) {
			FileState state = FileState.of(path);
			if (!state.isDirectory()) {
				throw new IOException(path + " is not a directory");
			}
			if (state.uid() != 0 && state.uid() != owner && !state.isOwn()) {
				throw new IOException(path + " belongs to another user");
			}
			if (state.isWritableByOthers() && !state.isSticky()) {
				throw new IOException("Other users can write to " + path);
			}
		}
	}

}
