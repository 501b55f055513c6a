package io.github.clusterboot.environment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.github.clusterboot.WorkerIdentity;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes the output of a worker fit beside that of the others: no banner, lines that tell
 * their worker, a log file of its own.
 */
final class WorkerLogging {

	private static final String NAME = "clusterWorker";

	private static final String LEVEL_PATTERN = "logging.pattern.level";

	private final ConfigurableEnvironment environment;

	WorkerLogging(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Adapt the environment. Applications may share it, so it may have been adapted
	 * before.
	 */
	void adapt() {
		this.environment.getPropertySources().remove(NAME);
		Map<String, Object> overrides = new LinkedHashMap<>();
		overrides.put("spring.main.banner-mode", "off");
		String file = new WorkerLogFile(this.environment).name();
		if (file != null) {
			overrides.put(WorkerLogFile.NAME_PROPERTY, file);
		}
		this.environment.getPropertySources().addFirst(new MapPropertySource(NAME, overrides));
		if (!isLineLayoutSet()) {
			String pattern = "%5p [worker " + this.environment.getProperty(WorkerIdentity.ID_PROPERTY) + "]";
			this.environment.getPropertySources()
				.addLast(new MapPropertySource("clusterWorkerDefaults", Map.of(LEVEL_PATTERN, pattern)));
		}
	}

	private boolean isLineLayoutSet() {
		return Stream.of(LEVEL_PATTERN, "logging.pattern.console", "logging.structured.format.console")
			.anyMatch(this.environment::containsProperty);
	}

}
