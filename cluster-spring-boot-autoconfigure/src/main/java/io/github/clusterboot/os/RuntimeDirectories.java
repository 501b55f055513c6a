package io.github.clusterboot.os;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The directories that the service manager has made for this service alone, see
 * {@code RuntimeDirectory=} in {@code systemd.exec(5)}.
 */
public final class RuntimeDirectories {

	private RuntimeDirectories() {
	}

	/**
	 * Return the service's directories.
	 * @param environment the environment variables
	 * @return the directories, none if this process is not a service that has some
	 */
	public static List<Path> of(Map<String, String> environment) {
		return Stream.of(environment.getOrDefault("RUNTIME_DIRECTORY", "").split(":"))
			.filter((directory) -> directory.startsWith("/"))
			.map(Path::of)
			.toList();
	}

}
