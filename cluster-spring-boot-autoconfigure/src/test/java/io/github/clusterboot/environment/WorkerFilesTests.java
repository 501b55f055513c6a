package io.github.clusterboot.environment;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerFiles}. Fault A11.
 */
class WorkerFilesTests {

	private static final String TOMCAT_PREFIX = "server.tomcat.accesslog.prefix";

	@Test
	void separateWhenTomcatLogsAccessesGivesEachWorkerAFile() {
		assertThat(separated(Map.of("server.tomcat.accesslog.enabled", "true"), TOMCAT_PREFIX))
			.isEqualTo("access_log-3");
		assertThat(separated(Map.of("server.tomcat.accesslog.enabled", "on", TOMCAT_PREFIX, "shop."), TOMCAT_PREFIX))
			.isEqualTo("shop.-3");
	}

	@Test
	void separateWhenTomcatLogsNoAccessesSetsNothing() {
		assertThat(separated(Map.of(), TOMCAT_PREFIX)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "prefix", "suffix", "directory" })
	void separateWhenTomcatsFileTellsWorkersApartSetsNothing(String part) {
		StandardEnvironment environment = separate(Map.of("server.tomcat.accesslog.enabled", "true",
				"server.tomcat.accesslog." + part, "a${cluster.worker.index}"));
		assertThat(environment.getPropertySources().contains("clusterWorkerFiles")).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "server.jetty.accesslog.filename, logs/access.yyyy_mm_dd.log, logs/access.yyyy_mm_dd-3.log",
			"server.jetty.accesslog.filename, access-${cluster.worker.id}.log, access-7.log",
			"logging.logback.rollingpolicy.file-name-pattern, old/%d.%i.gz, old/%d.%i-3.gz",
			"logging.log4j2.rollingpolicy.file-name-pattern, old/%d.%i.gz, old/%d.%i-3.gz",
			"spring.kafka.streams.state-dir, /var/state, /var/state/worker-3" })
	void separateWhenANameIsSetTellsWorkersApart(String property, String name, String expected) {
		assertThat(separated(Map.of(property, name), property)).isEqualTo(expected);
		assertThat(separated(Map.of(), property)).isNull();
	}

	@Test
	void separateWhenEnvironmentHasBeenAdaptedDoesNotAddAnotherIndex() {
		StandardEnvironment environment = separate(Map.of("server.tomcat.accesslog.enabled", "true",
				"server.jetty.accesslog.filename", "access.log", "spring.kafka.streams.state-dir", "state"));
		new WorkerFiles(environment).separate();
		assertThat(environment.getProperty(TOMCAT_PREFIX)).isEqualTo("access_log-3");
		assertThat(environment.getProperty("server.jetty.accesslog.filename")).isEqualTo("access-3.log");
		assertThat(environment.getProperty("spring.kafka.streams.state-dir")).isEqualTo("state/worker-3");
	}

	@Test
	void separateWhenArchivedLogsAreNamedAfterTheLogFileSetsNothing() {
		StandardEnvironment environment = separate(
				Map.of("logging.logback.rollingpolicy.fileNamePattern", "${LOG_FILE}.%d.%i.gz"));
		assertThat(environment.getPropertySources().contains("clusterWorkerFiles")).isFalse();
	}

	private static @Nullable String separated(Map<String, Object> properties, String name) {
		return separate(properties).getProperty(name);
	}

	private static StandardEnvironment separate(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		environment.getPropertySources()
			.addFirst(new MapPropertySource("identity",
					Map.of("cluster.worker.id", "7", "cluster.worker.index", "3", "cluster.worker.generation", "1")));
		ConfigurationPropertySources.attach(environment);
		new WorkerFiles(environment).separate();
		return environment;
	}

}
