package io.github.clusterboot.bootstrap;

import java.util.List;
import java.util.Map;

import io.github.clusterboot.autoconfigure.ClusterProperties;
import io.github.clusterboot.launch.IdentityPlaceholders;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * Binds and checks {@code cluster.*} before there is a context.
 * <p>
 * A value that cannot be used ends in a {@link ClusterStartException}.
 */
final class ClusterPropertiesReader {

	private static final String ENABLED = "cluster.enabled";

	private static final String WORKERS = "cluster.workers";

	private final ConfigurableEnvironment environment;

	private final UnusableProperty unusable;

	private final Binder binder;

	private final Binder workerBinder;

	ClusterPropertiesReader(ConfigurableEnvironment environment) {
		this.environment = environment;
		this.unusable = new UnusableProperty(environment);
		this.binder = Binder.get(environment);
		this.workerBinder = IdentityPlaceholders.of(environment).binder();
	}

	boolean isEnabled() {
		return bind(ENABLED, Bindable.of(Boolean.class), true);
	}

	boolean isNonWeb() {
		return bind("cluster.non-web", Bindable.of(Boolean.class), false);
	}

	/**
	 * Return whether a property asks for a cluster, which there would be by default too.
	 * @return whether one does
	 */
	boolean isAskedFor() {
		return isEnabled() && (isSet(ENABLED, this.binder) || isSet(WORKERS, this.binder));
	}

	/**
	 * Return whether the command line asks for a cluster. In contrast to other places it
	 * is the command line of this application and no other.
	 * @return whether it does
	 */
	boolean isAskedForOnCommandLine() {
		PropertySource<?> commandLine = this.environment.getPropertySources()
			.get(CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME);
		if (commandLine == null || !isEnabled()) {
			return false;
		}
		Binder binder = new Binder(ConfigurationPropertySources.from(commandLine));
		return isSet(ENABLED, binder) || isSet(WORKERS, binder);
	}

	private static boolean isSet(String name, Binder binder) {
		try {
			String value = binder.bind(name, String.class).orElse("");
			return StringUtils.hasText(value) && !value.trim().equals("0");
		}
		catch (BindException ex) {
			// a placeholder that nothing resolves
			return true;
		}
	}

	/**
	 * Return the number of workers that are wanted.
	 * @return the number, 0 or more
	 */
	int readWorkers() {
		String workers = bindWorkers();
		if (!WorkerCount.isUsable(workers)) {
			throw this.unusable.failure(WORKERS);
		}
		return WorkerCount.of(workers);
	}

	/**
	 * Return whether the number of workers is that of the processors.
	 * @return whether no number is set
	 */
	boolean isSizedByProcessors() {
		return WorkerCount.isAuto(bindWorkers());
	}

	private String bindWorkers() {
		return bind(WORKERS, Bindable.of(String.class), "");
	}

	/**
	 * Return the properties after all of them have been checked. In the JVM options and
	 * the environment of workers {@link IdentityPlaceholders} have been put off.
	 * @return the properties, each with a value that can be used
	 */
	ClusterProperties read() {
		readWorkers();
		ClusterProperties properties = bind("cluster", Bindable.of(ClusterProperties.class), new ClusterProperties());
		readPerWorker(properties.getWorker());
		for (PropertyRule rule : PropertyRules.ALL) {
			if (!rule.check().test(properties)) {
				throw this.unusable.failure(rule.key());
			}
		}
		return properties;
	}

	private void readPerWorker(ClusterProperties.Worker worker) {
		worker.setJvmArgs(bind(this.workerBinder, "cluster.worker.jvm-args", Bindable.listOf(String.class), List.of()));
		worker.setEnvironment(bind(this.workerBinder, "cluster.worker.environment",
				Bindable.mapOf(String.class, String.class), Map.of()));
	}

	private <T> T bind(String name, Bindable<T> target, T defaultValue) {
		return bind(this.binder, name, target, defaultValue);
	}

	private <T> T bind(Binder binder, String name, Bindable<T> target, T defaultValue) {
		try {
			return binder.bind(name, target).orElse(defaultValue);
		}
		catch (BindException ex) {
			throw this.unusable.failure(ex);
		}
	}

}
