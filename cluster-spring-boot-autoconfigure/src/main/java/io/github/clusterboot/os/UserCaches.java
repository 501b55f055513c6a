package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The directory for files of this user that outlive a process and can be made again, see
 * the XDG Base Directory Specification.
 */
public final class UserCaches {

	/**
	 * The name of what is ours.
	 */
	public static final String NAME = "cluster-spring-boot";

	/**
	 * The JDK's name and home of a user who has only an id.
	 */
	private static final String UNKNOWN = "?";

	private UserCaches() {
	}

	/**
	 * Return the directory among the temporary files for a user who has no home.
	 * @param properties the system properties
	 * @return the directory, which may be missing
	 * @throws IOException if the system tells neither name nor id of the user
	 */
	public static Path temporaryDirectory(Map<String, String> properties) throws IOException {
		String user = properties.getOrDefault("user.name", UNKNOWN);
		String distinct = UNKNOWN.equals(user) ? String.valueOf(CurrentUser.uid()) : user.replace('/', '_');
		return Path.of(properties.getOrDefault("java.io.tmpdir", "/tmp")).resolve(NAME + "-" + distinct);
	}

	/**
	 * Return the directory for what is ours, which may be missing.
	 * @param environment the environment variables
	 * @param properties the system properties
	 * @return the directory, or {@code null} if the system does not know the user's home
	 */
	public static @Nullable Path directory(Map<String, String> environment, Map<String, String> properties) {
		String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
		// relative ones are invalid, says the specification
		Path caches = xdg.startsWith("/") ? Path.of(xdg)
				: Path.of(properties.getOrDefault("user.home", "/")).resolve(".cache");
		// the home may be UNKNOWN
		return caches.isAbsolute() ? caches.resolve(NAME) : null;
	}

}
