package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.security.auth.module.UnixSystem;
import org.jspecify.annotations.Nullable;

/**
 * The user that this process runs as: the JDK knows only the name.
 */
final class CurrentUser {

	/**
	 * Belongs to the effective user of the process, see {@code proc(5)}.
	 */
	private static final Path SELF = Path.of("/proc/self");

	private static volatile @Nullable Integer uid;

	private CurrentUser() {
	}

	/**
	 * Return the user's id.
	 * @return the id
	 * @throws IOException if the system does not tell
	 */
	static int uid() throws IOException {
		Integer known = uid;
		if (known == null) {
			known = read();
			uid = known;
		}
		return known;
	}

	private static int read() throws IOException {
		try {
			return (Integer) Files.getAttribute(SELF, "unix:uid");
		}
		catch (IOException ex) {
			// macOS, or no /proc is mounted
			return ask(ex);
		}
	}

	private static int ask(IOException failure) throws IOException {
		try {
			return Math.toIntExact(new UnixSystem().getUid());
		}
		catch (LinkageError ex) {
			// a JDK without the module
			failure.addSuppressed(ex);
			throw failure;
		}
	}

}
