package io.github.clusterboot.bootstrap;

import java.io.File;
import java.util.Map;

import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.util.StringUtils;

/**
 * Finds a name for a worker's log file that no other process of the cluster writes to.
 */
final class WorkerLogFile {

	static final String NAME_PROPERTY = "logging.file.name";

	private static final String PATH_PROPERTY = "logging.file.path";

	private final ConfigurableEnvironment environment;

	WorkerLogFile(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Return the name to use instead of the one that the user set.
	 * @return the name with the worker's index before the extension, or {@code null} if
	 * there is no log file or its name already tells workers apart
	 */
	@Nullable String name() {
		try {
			String name = resolveFor("1");
			return (name != null && name.equals(resolveFor("2")))
					? IndexedFile.nameOf(name, this.environment.getProperty(WorkerIdentity.INDEX_PROPERTY, "")) : null;
		}
		catch (BindException ex) {
			// A placeholder that nothing resolves: the logging system fails for it too
			return null;
		}
	}

	/**
	 * Resolve the name as {@link org.springframework.boot.logging.LogFile} will.
	 */
	private @Nullable String resolveFor(String identity) {
		MutablePropertySources sources = new MutablePropertySources(this.environment.getPropertySources());
		sources.addFirst(new MapPropertySource("identity", Map.of(WorkerIdentity.ID_PROPERTY, identity,
				WorkerIdentity.INDEX_PROPERTY, identity, "PID", identity, "spring.application.pid", identity)));
		Binder binder = new Binder(ConfigurationPropertySources.from(sources),
				new PropertySourcesPlaceholdersResolver(sources));
		String name = binder.bind(NAME_PROPERTY, String.class).orElse("");
		if (StringUtils.hasLength(name)) {
			return name;
		}
		String path = binder.bind(PATH_PROPERTY, String.class).orElse("");
		return StringUtils.hasLength(path) ? new File(path, "spring.log").getPath() : null;
	}

}
