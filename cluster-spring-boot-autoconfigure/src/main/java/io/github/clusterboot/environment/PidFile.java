package io.github.clusterboot.environment;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.system.SystemProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * The file of the {@link ApplicationPidFileWriter}s that an application was given before
 * it is run. The one that scripts and service managers look at is the master's, which
 * writes it and deletes it when it ends; a worker's has its index.
 */
public final class PidFile {

	private static final String NAME = "clusterWorkerPidFile";

	/**
	 * The first of the names that the writer looks for.
	 */
	private static final String PROPERTY = "spring.pid.file";

	private static final List<String> PROPERTIES = List.of(PROPERTY, "spring.pidfile");

	private static final String VARIABLE = "PIDFILE";

	private final SpringApplication application;

	private final List<ApplicationPidFileWriter> writers;

	/**
	 * Find the writers of an application.
	 * @param application the application
	 */
	public PidFile(SpringApplication application) {
		this.application = application;
		this.writers = FileWriters.of(application, ApplicationPidFileWriter.class.getName())
			.stream()
			.map(ApplicationPidFileWriter.class::cast)
			.toList();
	}

	/**
	 * Have the writers wait until {@link #separate} has been called, whatever they were
	 * to wait for.
	 */
	void defer() {
		this.writers.forEach((writer) -> writer.setTriggerEventType(ApplicationPreparedEvent.class));
	}

	/**
	 * Give this worker a file of its own, unless its name already tells workers apart.
	 * Applications may share the environment, so this may have been done before.
	 * @param environment the worker's environment
	 */
	void separate(ConfigurableEnvironment environment) {
		if (this.writers.isEmpty()) {
			return;
		}
		environment.getPropertySources().remove(NAME);
		IdentityProbe probe = new IdentityProbe(environment);
		String shared = probe.shared(this::bind);
		if (shared != null) {
			environment.getPropertySources()
				.addFirst(new MapPropertySource(NAME, Map.of(PROPERTY, IndexedFile.nameOf(shared, probe.index()))));
		}
	}

	private @Nullable String bind(Binder binder) {
		return find((name) -> binder.bind(name, String.class).orElse(""));
	}

	private @Nullable String find(UnaryOperator<String> property) {
		Stream<String> properties = PROPERTIES.stream().map(property);
		return Stream.concat(properties, Stream.of(orEmpty(SystemProperties.get(VARIABLE)), fixed()))
			.filter(StringUtils::hasLength)
			.findFirst()
			.orElse(null);
	}

	private String fixed() {
		File file = FileWriters.fileOf(this.writers.get(0));
		return (file != null) ? file.getPath() : "";
	}

	private static String orEmpty(@Nullable String value) {
		return (value != null) ? value : "";
	}

	/**
	 * Write this process's id now: none of the later events comes in a master.
	 * @param environment the master's environment
	 */
	public void write(ConfigurableEnvironment environment) {
		for (ApplicationPidFileWriter writer : this.writers) {
			writer.setTriggerEventType(ApplicationEnvironmentPreparedEvent.class);
			writer.onApplicationEvent(new ApplicationEnvironmentPreparedEvent(new DefaultBootstrapContext(),
					this.application, new String[0], environment));
		}
	}

	/**
	 * Return whether there is such a file.
	 * @return whether the application has been given a writer
	 */
	public boolean exists() {
		return !this.writers.isEmpty();
	}

	/**
	 * Delete the file, if it is still this process's.
	 * @param environment the environment that it was written by
	 * @throws IOException if it cannot be read or deleted
	 */
	public void delete(ConfigurableEnvironment environment) throws IOException {
		String name = exists() ? find((property) -> environment.getProperty(property, "")) : null;
		if (name == null) {
			return;
		}
		Path file = Path.of(name);
		if (Files.exists(file) && Files.readString(file).equals(String.valueOf(ProcessHandle.current().pid()))) {
			Files.deleteIfExists(file);
		}
	}

}
