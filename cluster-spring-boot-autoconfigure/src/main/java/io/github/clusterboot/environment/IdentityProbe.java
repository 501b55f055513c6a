package io.github.clusterboot.environment;

import java.util.Map;
import java.util.function.Function;

import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * Finds out whether a setting would be the same in all workers, by resolving it for two
 * of them.
 */
final class IdentityProbe {

	private final ConfigurableEnvironment environment;

	IdentityProbe(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Return a setting that all workers would share.
	 * @param setting binds the setting, to {@code null} if it is not set
	 * @return the setting, or {@code null} if it is not set or already tells workers
	 * apart
	 */
	@Nullable String shared(Function<Binder, @Nullable String> setting) {
		try {
			String value = setting.apply(binderOf("1"));
			return (value != null && value.equals(setting.apply(binderOf("2")))) ? value : null;
		}
		catch (BindException ex) {
			// A placeholder that cannot be resolved: reading the setting fails for it
			return null;
		}
	}

	private Binder binderOf(String identity) {
		MutablePropertySources sources = new MutablePropertySources(this.environment.getPropertySources());
		sources.addFirst(new MapPropertySource("identity", Map.of(WorkerIdentity.ID_PROPERTY, identity,
				WorkerIdentity.INDEX_PROPERTY, identity, "PID", identity, "spring.application.pid", identity)));
		return new Binder(ConfigurationPropertySources.from(sources), new PropertySourcesPlaceholdersResolver(sources));
	}

	/**
	 * Return this worker's index.
	 * @return the index, empty if this process is not a worker
	 */
	String index() {
		return this.environment.getProperty(WorkerIdentity.INDEX_PROPERTY, "");
	}

}
