package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.springframework.util.Assert;

/**
 * The user that the processes under test run as. Without root's privileges they all run
 * as the user of the build; only {@link #ORDINARY} is possible then.
 */
enum RunAs {

	/**
	 * A user with a name and without capabilities: {@code nobody} if root builds.
	 */
	ORDINARY(65534, "/nonexistent", withoutPrivileges(65534)),

	/**
	 * The same, but {@code /etc/passwd} has no entry for the user, as on platforms that
	 * choose an id for each container.
	 */
	NAMELESS(1_000_650_000, null, withoutPrivileges(1_000_650_000)),

	/**
	 * Root with all capabilities of the build.
	 */
	ROOT(0, "/root", List.of()),

	/**
	 * Root as in a container that was started without further options.
	 */
	ROOT_WITHOUT_NET_ADMIN(0, "/root", List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"));

	private static final int BUILDER = userOf(Path.of("/proc/self"));

	private static final boolean BUILT_BY_ROOT = BUILDER == 0;

	private final int uid;

	private final String home;

	private final List<String> prefix;

	RunAs(int uid, String home, List<String> prefix) {
		this.uid = uid;
		this.home = home;
		this.prefix = prefix;
	}

	private static List<String> withoutPrivileges(int id) {
		return List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--bounding-set=-all",
				"--inh-caps=-all");
	}

	private static int userOf(Path path) {
		try {
			return (int) Files.getAttribute(path, "unix:uid");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return whether the build may start processes as this user.
	 * @return {@code true} if root builds, or for an ordinary user
	 */
	boolean isPossible() {
		return BUILT_BY_ROOT || this == ORDINARY;
	}

	/**
	 * Return the id of the user.
	 * @return the id
	 */
	int id() {
		return BUILT_BY_ROOT ? this.uid : BUILDER;
	}

	/**
	 * Return a command as this user is to run it. The processes that it starts are the
	 * same as without, since {@code setpriv} executes the command in its place.
	 * @param command the command
	 * @return the command with what goes before it
	 */
	List<String> command(List<String> command) {
		Assert.state(isPossible(), () -> "Only root may run processes as " + this);
		List<String> prefixed = new ArrayList<>(BUILT_BY_ROOT ? this.prefix : List.of());
		prefixed.addAll(command);
		return prefixed;
	}

	/**
	 * Leave nothing in an environment that names a place of the build's user.
	 * @param environment the variables, which are changed
	 */
	void applyTo(Map<String, String> environment) {
		if (!BUILT_BY_ROOT) {
			return;
		}
		environment.keySet().removeAll(List.of("HOME", "USER", "LOGNAME"));
		if (this.home != null) {
			environment.put("HOME", this.home);
		}
	}

	/**
	 * Make a directory or file one of this user.
	 * @param path the path
	 */
	void own(Path path) {
		try {
			if (BUILT_BY_ROOT) {
				Files.setAttribute(path, "unix:uid", this.uid);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
