package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.autoconfigure.ClusterProperties;
import io.github.clusterboot.master.supervise.MasterSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The rules for all configuration keys that do not take any value.
 */
final class PropertyRules {

	/**
	 * Longer times could not be counted in nanoseconds.
	 */
	private static final Duration LONGEST = Duration.ofDays(36500);

	private static final String UP_TO_LONGEST = "up to " + LONGEST.toDays() + " days";

	static final List<PropertyRule> ALL = List.of(flag("cluster.enabled"), flag("cluster.non-web"),
			rule("cluster.workers",
					"'auto' (one worker for each available processor) or a whole number from 0 to "
							+ Cluster.MAX_WORKERS,
					ClusterProperties::getWorkers, WorkerCount::isUsable),
			bound("cluster.scheduling", schedulings()),
			rule("cluster.backlog", "a whole number from 1 to " + Integer.MAX_VALUE, ClusterProperties::getBacklog,
					(backlog) -> backlog >= 1),
			flag("cluster.worker.first-alone"),
			timeout("cluster.worker.start-timeout", (properties) -> properties.getWorker().getStartTimeout()),
			timeout("cluster.worker.drain-timeout", (properties) -> properties.getWorker().getDrainTimeout()),
			duration("cluster.worker.heartbeat-timeout",
					"a duration of at least " + MasterSettings.SHORTEST_HEARTBEAT_TIMEOUT.toSeconds() + "s and "
							+ UP_TO_LONGEST + ", for instance '30s'",
					MasterSettings.SHORTEST_HEARTBEAT_TIMEOUT,
					(properties) -> properties.getWorker().getHeartbeatTimeout()),
			rule("cluster.worker.max-requests", "a whole number, 0 for no limit",
					(properties) -> properties.getWorker().getMaxRequests(), (requests) -> requests >= 0),
			duration("cluster.worker.max-lifetime",
					"a duration " + UP_TO_LONGEST + ", for instance '12h', or 0 for no limit", Duration.ZERO,
					(properties) -> properties.getWorker().getMaxLifetime()),
			new PropertyRule("cluster.worker.max-memory", "a size, for instance '512MB', or 0 for no limit",
					(properties) -> isSize(properties.getWorker().getMaxMemory())),
			rule("cluster.worker.environment", "names of environment variables, which are not empty and have no '='",
					(properties) -> properties.getWorker().getEnvironment().keySet(),
					(names) -> names.stream().allMatch(PropertyRules::isVariable)),
			delay("cluster.restart.initial-delay", (properties) -> properties.getRestart().getInitialDelay()),
			rule("cluster.restart.multiplier", "a number of at least 1",
					(properties) -> properties.getRestart().getMultiplier(),
					(multiplier) -> multiplier >= 1 && Double.isFinite(multiplier)),
			delay("cluster.restart.max-delay", (properties) -> properties.getRestart().getMaxDelay()),
			delay("cluster.restart.reset-after", (properties) -> properties.getRestart().getResetAfter()),
			timeout("cluster.shutdown.timeout", (properties) -> properties.getShutdown().getTimeout()));

	private PropertyRules() {
	}

	/**
	 * Return the rule for a key.
	 * @param key the key
	 * @return the rule, or {@code null} if the key takes any value
	 */
	static @Nullable PropertyRule of(String key) {
		return ALL.stream().filter((rule) -> rule.key().equals(key)).findFirst().orElse(null);
	}

	private static <T> PropertyRule rule(String key, String allowed, Function<ClusterProperties, T> value,
			Predicate<T> check) {
		return new PropertyRule(key, allowed, (properties) -> check.test(value.apply(properties)));
	}

	/**
	 * Whatever can be bound to the type can be used.
	 */
	private static PropertyRule bound(String key, String allowed) {
		return new PropertyRule(key, allowed, (properties) -> true);
	}

	private static PropertyRule flag(String key) {
		return bound(key, "'true' or 'false'");
	}

	private static PropertyRule timeout(String key, Function<ClusterProperties, Duration> value) {
		return duration(key, "a duration longer than 0 and " + UP_TO_LONGEST + ", for instance '30s', '500ms' or '2m'",
				Duration.ofNanos(1), value);
	}

	private static PropertyRule delay(String key, Function<ClusterProperties, Duration> value) {
		return duration(key, "a duration of 0 or longer and " + UP_TO_LONGEST + ", for instance '100ms' or '30s'",
				Duration.ZERO, value);
	}

	private static PropertyRule duration(String key, String allowed, Duration shortest,
			Function<ClusterProperties, Duration> value) {
		return rule(key, allowed, value,
				(duration) -> duration.compareTo(shortest) >= 0 && duration.compareTo(LONGEST) <= 0);
	}

	private static boolean isSize(@Nullable DataSize size) {
		return size == null || !size.isNegative();
	}

	/**
	 * See {@link ProcessBuilder#environment()}.
	 */
	private static boolean isVariable(String name) {
		return !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
	}

	private static String schedulings() {
		return Arrays.stream(Scheduling.values())
			.map((scheduling) -> "'" + scheduling.name().toLowerCase(Locale.ROOT).replace('_', '-') + "'")
			.collect(Collectors.joining(", ", "one of ", ""));
	}

}
