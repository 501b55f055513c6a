package io.github.clusterboot.bootstrap;

import java.util.Map;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps a worker from waiting, while its application is closed, for what its drain has
 * already waited for: the master would kill it before its beans are destroyed.
 */
final class WorkerShutdown {

	/**
	 * By default Reactor Netty closes an event loop when nothing has come to it for two
	 * seconds, see
	 * {@link org.springframework.http.client.ReactorResourceFactory#setShutdownQuietPeriod}.
	 */
	private static final String QUIET_PERIOD = "spring.reactor.netty.shutdown-quiet-period";

	private final ConfigurableEnvironment environment;

	WorkerShutdown(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	void hasten() {
		this.environment.getPropertySources()
			.addLast(new MapPropertySource("clusterWorkerShutdown", Map.of(QUIET_PERIOD, "0s")));
	}

}
