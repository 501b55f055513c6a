package io.github.clusterboot.environment;

import java.util.Map;

import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Keeps a worker from waiting, while its application is closed, for what its drain has
 * already waited for: the master would kill it before its beans are destroyed.
 */
final class WorkerQuietPeriod {

	/**
	 * By default Reactor Netty closes an event loop when nothing has come to it for two
	 * seconds, see
	 * {@link org.springframework.http.client.ReactorResourceFactory#setShutdownQuietPeriod}.
	 */
	private static final String QUIET_PERIOD = "spring.reactor.netty.shutdown-quiet-period";

	private final ConfigurableEnvironment environment;

	WorkerQuietPeriod(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	/**
	 * Spring Boot keeps its default properties behind all others, also behind those of
	 * {@code @PropertySource}, which are not known yet.
	 */
	void hasten() {
		if (!this.environment.containsProperty(QUIET_PERIOD)) {
			DefaultPropertiesPropertySource.addOrMerge(Map.of(QUIET_PERIOD, "0s"),
					this.environment.getPropertySources());
		}
	}

}
