package io.github.clusterboot.bootstrap;

import java.util.Map;

import io.github.clusterboot.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Gives the placeholders of a worker's identity a value in processes that are not
 * workers. First of all post processors, since configuration data may be imported by such
 * a placeholder.
 */
final class WorkerIdentityDefaults implements EnvironmentPostProcessor, Ordered {

	private static final String NAME = "clusterWorkerIdentity";

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!environment.containsProperty(WorkerIdentity.ID_PROPERTY)) {
			add(environment, "0");
		}
	}

	/**
	 * Tell the master from worker 0: a file whose name has the index is that worker's.
	 * @param environment the master's environment
	 */
	static void ofMaster(ConfigurableEnvironment environment) {
		add(environment, "master");
	}

	private static void add(ConfigurableEnvironment environment, String index) {
		Map<String, String> defaults = Map.of(WorkerIdentity.ID_PROPERTY, "0", WorkerIdentity.INDEX_PROPERTY, index,
				WorkerIdentity.GENERATION_PROPERTY, "0");
		environment.getPropertySources().addLast(new Defaults(defaults));
	}

	/**
	 * Tells values, but no names: an application that binds {@code cluster.*} for itself
	 * finds nothing in its map, and nothing that it does not know.
	 */
	private static final class Defaults extends PropertySource<Map<String, String>> {

		Defaults(Map<String, String> values) {
			super(NAME, values);
		}

		@Override
		public @Nullable Object getProperty(String name) {
			return this.source.get(name);
		}

	}

}
