package io.github.clusterboot.launch;

import java.util.List;
import java.util.Map;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.master.process.WorkerLaunch;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.util.PropertyPlaceholderHelper;
import org.springframework.util.SystemPropertyUtils;

/**
 * Placeholders of a worker's identity in settings that the master binds: they are put off
 * until it is known which worker it is. All other placeholders are resolved once, so that
 * a random value is the same for all workers.
 */
public final class IdentityPlaceholders {

	/**
	 * For settings without such placeholders.
	 */
	public static final IdentityPlaceholders NONE = new IdentityPlaceholders(new MutablePropertySources());

	private static final List<String> NAMES = List.of(WorkerIdentity.ID_PROPERTY, WorkerIdentity.INDEX_PROPERTY,
			WorkerIdentity.GENERATION_PROPERTY);

	/**
	 * Stand for the beginning and the end of a placeholder that is put off. From the
	 * private use area, so no setting has them.
	 */
	private static final char BEGIN = '\uE000';

	private static final char END = '\uE001';

	private final MutablePropertySources sources;

	IdentityPlaceholders(MutablePropertySources sources) {
		this.sources = sources;
	}

	/**
	 * Return the placeholders of an environment.
	 * @param environment the environment of the application
	 * @return what puts them off and resolves them
	 */
	public static IdentityPlaceholders of(ConfigurableEnvironment environment) {
		return new IdentityPlaceholders(environment.getPropertySources());
	}

	/**
	 * Return a binder that puts the placeholders off.
	 * @return the binder
	 */
	public Binder binder() {
		return new Binder(ConfigurationPropertySources.from(this.sources), new DeferringResolver(this.sources));
	}

	/**
	 * Resolve for a worker what was put off.
	 * @param value a value that was bound
	 * @param launch the worker
	 * @return the worker's value
	 */
	String resolve(String value, WorkerLaunch launch) {
		if (value.indexOf(BEGIN) < 0) {
			return value;
		}
		MutablePropertySources identified = new MutablePropertySources(this.sources);
		identified.addFirst(new MapPropertySource("identity", Map.copyOf(launch.systemProperties())));
		String placeholders = value.replace(String.valueOf(BEGIN), "${").replace(String.valueOf(END), "}");
		return String.valueOf(new PropertySourcesPlaceholdersResolver(identified).resolvePlaceholders(placeholders));
	}

	/**
	 * Resolve for a worker what was put off.
	 * @param values values that were bound
	 * @param launch the worker
	 * @return the worker's values
	 */
	List<String> resolve(List<String> values, WorkerLaunch launch) {
		return values.stream().map((value) -> resolve(value, launch)).toList();
	}

	/**
	 * Answers with placeholders: for the identity, and for each one that has an identity
	 * in its name or default value, as in
	 * <code>${PORT_${cluster.worker.index}:5000}</code>.
	 */
	private static final class DeferringResolver extends PropertySourcesPlaceholdersResolver {

		/**
		 * As Spring Boot's own, but leaves the default value to this class.
		 */
		private static final PropertyPlaceholderHelper HELPER = new PropertyPlaceholderHelper(
				SystemPropertyUtils.PLACEHOLDER_PREFIX, SystemPropertyUtils.PLACEHOLDER_SUFFIX, null,
				SystemPropertyUtils.ESCAPE_CHARACTER, true);

		DeferringResolver(Iterable<PropertySource<?>> sources) {
			super(sources, HELPER);
		}

		@Override
		protected @Nullable String resolvePlaceholder(String placeholder) {
			String[] parts = placeholder.split(SystemPropertyUtils.VALUE_SEPARATOR, 2);
			if (NAMES.contains(parts[0]) || placeholder.indexOf(BEGIN) >= 0) {
				return BEGIN + placeholder + END;
			}
			String value = super.resolvePlaceholder(placeholder);
			if (value == null && parts.length > 1) {
				value = super.resolvePlaceholder(parts[0]);
				return (value != null) ? value : parts[1];
			}
			return value;
		}

	}

}
