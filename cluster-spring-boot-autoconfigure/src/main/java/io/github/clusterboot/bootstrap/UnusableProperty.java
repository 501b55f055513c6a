package io.github.clusterboot.bootstrap;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.master.MasterSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;

/**
 * Reports a property whose value cannot be used: the key, the value, where it comes from,
 * and what is allowed.
 */
final class UnusableProperty {

	private static final String LONGEST = "up to " + ClusterPropertiesReader.LONGEST.toDays() + " days";

	private static final String TIMEOUT = "a duration longer than 0 and " + LONGEST
			+ ", for instance '30s', '500ms' or '2m'";

	private static final String DELAY = "a duration of 0 or longer and " + LONGEST + ", for instance '100ms' or '30s'";

	private static final Map<String, String> ALLOWED = Map.ofEntries(Map.entry("cluster.enabled", "'true' or 'false'"),
			Map.entry("cluster.non-web", "'true' or 'false'"),
			Map.entry("cluster.workers",
					"'auto' (one worker for each available processor) or a whole number from 0 to "
							+ Cluster.MAX_WORKERS),
			Map.entry("cluster.scheduling", schedulings()),
			Map.entry("cluster.backlog", "a whole number from 1 to " + Integer.MAX_VALUE),
			Map.entry("cluster.worker.first-alone", "'true' or 'false'"),
			Map.entry("cluster.worker.start-timeout", TIMEOUT), Map.entry("cluster.worker.drain-timeout", TIMEOUT),
			Map.entry("cluster.worker.heartbeat-timeout",
					"a duration of at least " + MasterSettings.SHORTEST_HEARTBEAT_TIMEOUT.toSeconds() + "s and "
							+ LONGEST + ", for instance '30s'"),
			Map.entry("cluster.worker.max-requests", "a whole number, 0 for no limit"),
			Map.entry("cluster.worker.max-lifetime",
					"a duration " + LONGEST + ", for instance '12h', or 0 for no limit"),
			Map.entry("cluster.worker.max-memory", "a size, for instance '512MB', or 0 for no limit"),
			Map.entry("cluster.worker.environment",
					"names of environment variables, which are not empty and have no " + "'='"),
			Map.entry("cluster.restart.initial-delay", DELAY),
			Map.entry("cluster.restart.multiplier", "a number of at least 1"),
			Map.entry("cluster.restart.max-delay", DELAY), Map.entry("cluster.restart.reset-after", DELAY),
			Map.entry("cluster.shutdown.timeout", TIMEOUT));

	private static final String OWNER = "%n%nProperties that begin with 'cluster.' belong to cluster-spring-boot-starter. "
		.formatted() + "If this one is the application's own, rename it, or set 'cluster.enabled' to false, "
			+ "which switches the starter off.";

	private final Environment environment;

	UnusableProperty(Environment environment) {
		this.environment = environment;
	}

	private static String schedulings() {
		return Arrays.stream(Scheduling.values())
			.map((scheduling) -> "'" + scheduling.name().toLowerCase(Locale.ROOT).replace('_', '-') + "'")
			.collect(Collectors.joining(", ", "one of ", ""));
	}

	ClusterStartException failure(String name) {
		return failure(name, find(ConfigurationPropertyName.of(name)), null);
	}

	ClusterStartException failure(BindException failure) {
		ConfigurationProperty property = failure.getProperty();
		return failure(failure.getName().toString(), (property != null) ? property : find(failure.getName()), failure);
	}

	private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	private ClusterStartException failure(String name, @Nullable ConfigurationProperty property,
			@Nullable BindException cause) {
		StringBuilder description = new StringBuilder(
				"A property of the cluster has a value that cannot be used:%n".formatted());
		append(description, "Property", name);
		if (property != null) {
			append(description, "Value", '"' + String.valueOf(property.getValue()) + '"');
			if (property.getOrigin() != null) {
				append(description, "Origin", property.getOrigin());
			}
		}
		String allowed = ALLOWED.get(name);
		if (cause != null && (allowed == null || !isConversion(cause))) {
			append(description, "Reason", NestedExceptionUtils.getMostSpecificCause(cause).getMessage());
		}
		String action = (allowed != null) ? "Set '%s' to %s.".formatted(name, allowed)
				: "Give '%s' a value that can be used.".formatted(name);
		return new ClusterStartException(description.toString(), action + OWNER, cause);
	}

	private void append(StringBuilder description, String label, @Nullable Object value) {
		description.append("%n    %s: %s".formatted(label, value));
	}

	private boolean isConversion(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConversionException) {
				return true;
			}
		}
		return false;
	}

}
