package io.github.clusterboot.environment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Gives each worker files of its own if properties of Spring Boot name one that two
 * processes must not write to. A name that already tells workers apart stays.
 */
final class WorkerFiles {

	private static final String NAME = "clusterWorkerFiles";

	private static final String TOMCAT = "server.tomcat.accesslog.";

	private static final String JETTY = "server.jetty.accesslog.";

	/**
	 * {@code server.tomcat.accesslog.prefix} of Spring Boot.
	 */
	private static final String TOMCAT_PREFIX = "access_log";

	/**
	 * The files that a log file which is full is renamed to. By default their names begin
	 * with that of the log file.
	 */
	private static final Set<String> ARCHIVED_LOGS = Set.of("logging.logback.rollingpolicy.file-name-pattern",
			"logging.log4j2.rollingpolicy.file-name-pattern");

	private static final String LOG_FILE = "LOG_FILE";

	private static final String STREAMS_STATE = "spring.kafka.streams.state-dir";

	private final ConfigurableEnvironment environment;

	private final IdentityProbe probe;

	WorkerFiles(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.probe = new IdentityProbe(environment);
	}

	/**
	 * Adapt the environment. Applications may share it, so it may have been adapted
	 * before.
	 */
	void separate() {
		this.environment.getPropertySources().remove(NAME);
		Map<String, Object> overrides = new LinkedHashMap<>();
		ARCHIVED_LOGS.forEach((name) -> put(overrides, name, archivedLogs(name)));
		put(overrides, TOMCAT + "prefix", tomcatPrefix());
		put(overrides, JETTY + "filename", indexed(this.probe.shared((binder) -> bind(binder, JETTY + "filename"))));
		put(overrides, STREAMS_STATE, directory(this.probe.shared((binder) -> bind(binder, STREAMS_STATE))));
		if (!overrides.isEmpty()) {
			this.environment.getPropertySources().addFirst(new MapPropertySource(NAME, overrides));
		}
	}

	private static void put(Map<String, Object> overrides, String name, @Nullable String value) {
		if (value != null) {
			overrides.put(name, value);
		}
	}

	/**
	 * The logging system resolves the placeholder for the log file later.
	 */
	private @Nullable String archivedLogs(String name) {
		String pattern = this.environment.getPropertySources()
			.stream()
			.map((source) -> source.getProperty(name))
			.filter(String.class::isInstance)
			.map(String.class::cast)
			.findFirst()
			.orElse("");
		return pattern.contains(LOG_FILE) ? null : indexed(this.probe.shared((binder) -> bind(binder, name)));
	}

	/**
	 * The name of the file is made of the prefix, the date and the suffix.
	 */
	private @Nullable String tomcatPrefix() {
		String shared = this.probe.shared((binder) -> {
			boolean enabled = binder.bind(TOMCAT + "enabled", Boolean.class).orElse(false);
			return enabled ? String.join("\n", binder.bind(TOMCAT + "prefix", String.class).orElse(TOMCAT_PREFIX),
					binder.bind(TOMCAT + "suffix", String.class).orElse(""),
					binder.bind(TOMCAT + "directory", String.class).orElse("")) : null;
		});
		return (shared != null) ? shared.lines().findFirst().orElse("") + "-" + this.probe.index() : null;
	}

	private @Nullable String indexed(@Nullable String name) {
		return (name != null) ? IndexedFile.nameOf(name, this.probe.index()) : null;
	}

	private @Nullable String directory(@Nullable String name) {
		return (name != null) ? name + "/worker-" + this.probe.index() : null;
	}

	private static @Nullable String bind(Binder binder, String name) {
		String value = binder.bind(name, String.class).orElse("");
		return StringUtils.hasLength(value) ? value : null;
	}

}
