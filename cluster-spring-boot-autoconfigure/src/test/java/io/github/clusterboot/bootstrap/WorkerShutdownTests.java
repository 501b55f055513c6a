package io.github.clusterboot.bootstrap;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerShutdown}. Fault C5.
 */
class WorkerShutdownTests {

	private static final String QUIET_PERIOD = "spring.reactor.netty.shutdown-quiet-period";

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void hastenWhenNothingIsSetWaitsForNoQuietPeriod() {
		new WorkerShutdown(this.environment).hasten();
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("0s");
	}

	@Test
	void hastenWhenAPeriodIsSetKeepsIt() {
		this.environment.getPropertySources().addLast(new MapPropertySource("defaults", Map.of(QUIET_PERIOD, "1s")));
		new WorkerShutdown(this.environment).hasten();
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("1s");
	}

}
