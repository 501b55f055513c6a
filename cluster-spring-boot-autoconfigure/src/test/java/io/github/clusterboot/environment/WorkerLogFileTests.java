package io.github.clusterboot.environment;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerLogFile}.
 */
class WorkerLogFileTests {

	private final MockEnvironment environment = new MockEnvironment().withProperty("cluster.worker.id", "7")
		.withProperty("cluster.worker.index", "3")
		.withProperty("cluster.worker.generation", "1");

	private final WorkerLogFile logFile = new WorkerLogFile(this.environment);

	@Test
	void nameWhenThereIsNoLogFileIsNull() {
		assertThat(this.logFile.name()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "app.log, app-3.log", "/var/log/app.log, /var/log/app-3.log", "logs.d/app, logs.d/app-3",
			"app.json.log, app.json-3.log", "app-${cluster.worker.generation}.log, app-1-3.log" })
	void nameWhenNameIsSharedHasIndexBeforeExtension(String name, String expected) {
		this.environment.withProperty("logging.file.name", name);
		assertThat(this.logFile.name()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "app-${cluster.worker.index}.log", "app-${cluster.worker.id}.log", "app-${PID}.log",
			"app-${spring.application.pid}.log", "app-${name}.log" })
	void nameWhenNameTellsWorkersApartIsNull(String name) {
		this.environment.withProperty("name", "x${PID:}");
		this.environment.withProperty("logging.file.name", name);
		assertThat(this.logFile.name()).isNull();
	}

	@Test
	void nameWhenPathIsSetIsInPath() {
		this.environment.withProperty("logging.file.path", "/var/log");
		assertThat(this.logFile.name()).isEqualTo("/var/log/spring-3.log");
	}

	@Test
	void nameWhenPathTellsWorkersApartIsNull() {
		this.environment.withProperty("logging.file.path", "/var/log/${cluster.worker.index}");
		assertThat(this.logFile.name()).isNull();
	}

	@Test
	void nameWhenNameAndPathAreSetFollowsName() {
		this.environment.withProperty("logging.file.path", "/var/log/${cluster.worker.index}")
			.withProperty("logging.file.name", "app.log");
		assertThat(this.logFile.name()).isEqualTo("app-3.log");
	}

	@ParameterizedTest
	@ValueSource(strings = { "${logging.file.name}", "${loop}" })
	void nameWhenPlaceholderCannotBeResolvedLeavesItToSpringBoot(String name) {
		this.environment.withProperty("loop", "${logging.file.name}").withProperty("logging.file.name", name);
		assertThat(this.logFile.name()).isNull();
	}

	@Test
	void nameWhenNameIsEnvironmentVariableHasIndex() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("LOGGING_FILE_NAME", "app.log", "CLUSTER_WORKER_INDEX", "3")));
		assertThat(new WorkerLogFile(environment).name()).isEqualTo("app-3.log");
	}

}
