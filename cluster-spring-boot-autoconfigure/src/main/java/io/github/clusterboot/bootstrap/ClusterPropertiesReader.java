package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.autoconfigure.ClusterProperties;
import io.github.clusterboot.launch.IdentityPlaceholders;
import io.github.clusterboot.master.MasterSettings;

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

	/**
	 * Longer times could not be counted in nanoseconds.
	 */
	static final Duration LONGEST = Duration.ofDays(36500);

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
		String workers = bindWorkers().trim();
		if (isSizedByProcessors()) {
			return Math.min(Runtime.getRuntime().availableProcessors(), Cluster.MAX_WORKERS);
		}
		int number = toInt(workers);
		check(number >= 0 && number <= Cluster.MAX_WORKERS, WORKERS);
		return number;
	}

	/**
	 * Return whether the number of workers is that of the processors.
	 * @return whether no number is set
	 */
	boolean isSizedByProcessors() {
		String workers = bindWorkers().trim();
		return workers.isEmpty() || workers.toLowerCase(Locale.ROOT).equals("auto");
	}

	private String bindWorkers() {
		return bind(WORKERS, Bindable.of(String.class), "");
	}

	private int toInt(String workers) {
		try {
			return Integer.parseInt(workers);
		}
		catch (NumberFormatException ex) {
			return -1;
		}
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
		check(properties.getBacklog() >= 1, "cluster.backlog");
		check(properties.getWorker());
		check(properties.getRestart());
		checkPositive(properties.getShutdown().getTimeout(), "cluster.shutdown.timeout");
		return properties;
	}

	private void readPerWorker(ClusterProperties.Worker worker) {
		worker.setJvmArgs(bind(this.workerBinder, "cluster.worker.jvm-args", Bindable.listOf(String.class), List.of()));
		worker.setEnvironment(bind(this.workerBinder, "cluster.worker.environment",
				Bindable.mapOf(String.class, String.class), Map.of()));
	}

	private void check(ClusterProperties.Worker worker) {
		checkPositive(worker.getStartTimeout(), "cluster.worker.start-timeout");
		checkPositive(worker.getDrainTimeout(), "cluster.worker.drain-timeout");
		checkPositive(worker.getHeartbeatTimeout(), "cluster.worker.heartbeat-timeout");
		check(worker.getHeartbeatTimeout().compareTo(MasterSettings.SHORTEST_HEARTBEAT_TIMEOUT) >= 0,
				"cluster.worker.heartbeat-timeout");
		check(worker.getMaxRequests() >= 0, "cluster.worker.max-requests");
		checkNotNegative(worker.getMaxLifetime(), "cluster.worker.max-lifetime");
		check(worker.getMaxMemory() == null || !worker.getMaxMemory().isNegative(), "cluster.worker.max-memory");
		worker.getEnvironment().keySet().forEach((name) -> check(isVariable(name), "cluster.worker.environment"));
	}

	/**
	 * See {@link ProcessBuilder#environment()}.
	 */
	private static boolean isVariable(String name) {
		return !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
	}

	private void check(ClusterProperties.Restart restart) {
		checkNotNegative(restart.getInitialDelay(), "cluster.restart.initial-delay");
		double multiplier = restart.getMultiplier();
		check(multiplier >= 1 && Double.isFinite(multiplier), "cluster.restart.multiplier");
		checkNotNegative(restart.getMaxDelay(), "cluster.restart.max-delay");
		checkNotNegative(restart.getResetAfter(), "cluster.restart.reset-after");
	}

	private void checkPositive(Duration duration, String name) {
		check(!duration.isZero(), name);
		checkNotNegative(duration, name);
	}

	private void checkNotNegative(Duration duration, String name) {
		check(!duration.isNegative() && duration.compareTo(LONGEST) <= 0, name);
	}

	private void check(boolean usable, String name) {
		if (!usable) {
			throw this.unusable.failure(name);
		}
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
