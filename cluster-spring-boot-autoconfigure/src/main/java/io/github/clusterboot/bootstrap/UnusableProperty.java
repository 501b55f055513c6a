package io.github.clusterboot.bootstrap;

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

	private static final String OWNER = "%n%nProperties that begin with 'cluster.' belong to cluster-spring-boot-starter. "
		.formatted() + "If this one is the application's own, rename it, or set 'cluster.enabled' to false, "
			+ "which switches the starter off.";

	private final Environment environment;

	UnusableProperty(Environment environment) {
		this.environment = environment;
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
		PropertyRule rule = PropertyRules.of(name);
		if (cause != null && (rule == null || !isConversion(cause))) {
			append(description, "Reason", NestedExceptionUtils.getMostSpecificCause(cause).getMessage());
		}
		String action = (rule != null) ? "Set '%s' to %s.".formatted(name, rule.allowed())
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
