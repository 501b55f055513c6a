package io.github.clusterboot.environment;

import java.io.File;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Finds a name for a worker's log file that no other process of the cluster writes to.
 */
final class WorkerLogFile {

	static final String NAME_PROPERTY = "logging.file.name";

	private static final String PATH_PROPERTY = "logging.file.path";

	private final IdentityProbe probe;

	WorkerLogFile(ConfigurableEnvironment environment) {
		this.probe = new IdentityProbe(environment);
	}

	/**
	 * Return the name to use instead of the one that the user set.
	 * @return the name with the worker's index before the extension, or {@code null} if
	 * there is no log file or its name already tells workers apart
	 */
	@Nullable String name() {
		String shared = this.probe.shared(WorkerLogFile::bind);
		return (shared != null) ? IndexedFile.nameOf(shared, this.probe.index()) : null;
	}

	/**
	 * Find the name as {@link org.springframework.boot.logging.LogFile} will.
	 */
	private static @Nullable String bind(Binder binder) {
		String name = binder.bind(NAME_PROPERTY, String.class).orElse("");
		if (StringUtils.hasLength(name)) {
			return name;
		}
		String path = binder.bind(PATH_PROPERTY, String.class).orElse("");
		return StringUtils.hasLength(path) ? new File(path, "spring.log").getPath() : null;
	}

}
