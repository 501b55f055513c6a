package io.github.clusterboot.environment;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerLogging}.
 */
class WorkerLoggingTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void adaptWhenNothingIsSetTellsTheWorkerInTheLevel() {
		adapt(Map.of());
		assertThat(this.environment.getProperty("logging.pattern.level")).isEqualTo("%5p [worker 7]");
		assertThat(this.environment.getProperty("logging.file.name")).isNull();
	}

	@Test
	void adaptWhenBannerIsSetSwitchesItOff() {
		adapt(Map.of("spring.main.banner-mode", "log"));
		assertThat(this.environment.getProperty("spring.main.banner-mode")).isEqualTo("off");
	}

	@ParameterizedTest
	@ValueSource(strings = { "logging.pattern.console", "logging.structured.format.console" })
	void adaptWhenLayoutIsSetLeavesTheLevelAlone(String name) {
		adapt(Map.of(name, "ecs"));
		assertThat(this.environment.getProperty("logging.pattern.level")).isNull();
	}

	@Test
	void adaptWhenLevelIsSetLeavesItAlone() {
		adapt(Map.of("logging.pattern.level", "%p"));
		assertThat(this.environment.getProperty("logging.pattern.level")).isEqualTo("%p");
	}

	@Test
	void adaptWhenLogFileIsSharedGivesOneOfItsOwn() {
		adapt(Map.of("logging.file.name", "app.log"));
		assertThat(this.environment.getProperty("logging.file.name")).isEqualTo("app-3.log");
	}

	@Test
	void adaptWhenEnvironmentHasBeenAdaptedDoesNotAddAnotherIndex() {
		adapt(Map.of("logging.file.name", "app.log"));
		new WorkerLogging(this.environment).adapt();
		assertThat(this.environment.getProperty("logging.file.name")).isEqualTo("app-3.log");
		assertThat(this.environment.getProperty("logging.pattern.level")).isEqualTo("%5p [worker 7]");
	}

	private void adapt(Map<String, Object> properties) {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("identity",
					Map.of("cluster.worker.id", "7", "cluster.worker.index", "3", "cluster.worker.generation", "1")));
		this.environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		ConfigurationPropertySources.attach(this.environment);
		new WorkerLogging(this.environment).adapt();
	}

}
