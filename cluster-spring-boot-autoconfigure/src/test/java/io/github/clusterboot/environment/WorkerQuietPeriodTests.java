package io.github.clusterboot.environment;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerQuietPeriod}. Fault C5.
 */
class WorkerQuietPeriodTests {

	private static final String QUIET_PERIOD = "spring.reactor.netty.shutdown-quiet-period";

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void hastenWhenNothingIsSetWaitsForNoQuietPeriod() {
		new WorkerQuietPeriod(this.environment).hasten();
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("0s");
	}

	@Test
	void hastenWhenAPeriodIsSetKeepsIt() {
		this.environment.getPropertySources().addLast(new MapPropertySource("defaults", Map.of(QUIET_PERIOD, "1s")));
		new WorkerQuietPeriod(this.environment).hasten();
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("1s");
	}

	@Test
	void hastenWhenTheApplicationHasDefaultPropertiesKeepsThem() {
		DefaultPropertiesPropertySource.addOrMerge(Map.of(QUIET_PERIOD, "1s", "other", "2"),
				this.environment.getPropertySources());
		hastenInApplication();
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("1s");
		assertThat(this.environment.getProperty("other")).isEqualTo("2");
	}

	@Test
	void hastenWhenThereAreOtherDefaultPropertiesAddsThePeriod() {
		DefaultPropertiesPropertySource.addOrMerge(Map.of("other", "2"), this.environment.getPropertySources());
		hastenInApplication();
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("0s");
		assertThat(this.environment.getProperty("other")).isEqualTo("2");
	}

	/**
	 * As with {@code @PropertySource}, whose properties come in front of the default
	 * ones.
	 */
	@Test
	void hastenWhenAPeriodIsSetLaterIsOverriddenByIt() {
		hastenInApplication();
		this.environment.getPropertySources().addLast(new MapPropertySource("annotated", Map.of(QUIET_PERIOD, "1s")));
		DefaultPropertiesPropertySource.moveToEnd(this.environment);
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("1s");
	}

	/**
	 * {@code SpringApplication} moves its default properties once all listeners have seen
	 * the environment.
	 */
	private void hastenInApplication() {
		new WorkerQuietPeriod(this.environment).hasten();
		DefaultPropertiesPropertySource.moveToEnd(this.environment);
	}

}
