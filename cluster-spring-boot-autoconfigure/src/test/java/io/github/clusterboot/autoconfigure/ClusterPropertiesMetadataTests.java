package io.github.clusterboot.autoconfigure;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration metadata of {@link ClusterProperties}.
 */
class ClusterPropertiesMetadataTests {

	private static JsonNode metadata;

	@BeforeAll
	static void read() throws Exception {
		URI classes = ClusterProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI();
		try (InputStream json = Files
			.newInputStream(Path.of(classes).resolve("META-INF/spring-configuration-metadata.json"))) {
			metadata = JsonMapper.shared().readTree(json);
		}
	}

	@ParameterizedTest
	@CsvSource({ "cluster.enabled, java.lang.Boolean, true", "cluster.workers, java.lang.String, auto",
			"cluster.scheduling, io.github.clusterboot.Scheduling, round-robin",
			"cluster.exclusive-listeners, java.util.List<java.lang.String>,",
			"cluster.backlog, java.lang.Integer, 1024", "cluster.worker.jvm-args, java.util.List<java.lang.String>,",
			"cluster.worker.environment, 'java.util.Map<java.lang.String,java.lang.String>',",
			"cluster.worker.start-timeout, java.time.Duration, 120s",
			"cluster.worker.drain-timeout, java.time.Duration, 30s",
			"cluster.worker.heartbeat-timeout, java.time.Duration, 30s",
			"cluster.restart.initial-delay, java.time.Duration, 100ms",
			"cluster.restart.multiplier, java.lang.Double, 2", "cluster.restart.max-delay, java.time.Duration, 30s",
			"cluster.restart.reset-after, java.time.Duration, 30s",
			"cluster.shutdown.timeout, java.time.Duration, 60s" })
	void propertiesWhenGeneratedTellTypeDefaultAndMeaning(String name, String type, String defaultValue) {
		JsonNode property = find("properties", name);
		assertThat(property.path("type").asString()).isEqualTo(type);
		assertThat(property.path("description").asString()).isNotBlank();
		assertThat(property.path("defaultValue").asString("")).isEqualTo((defaultValue != null) ? defaultValue : "");
	}

	@Test
	void hintsWhenGeneratedOfferAutoAndNumbers() {
		JsonNode hint = find("hints", "cluster.workers");
		assertThat(hint.path("values").path(0).path("value").asString()).isEqualTo("auto");
		assertThat(hint.path("providers").path(0).path("name").asString()).isEqualTo("any");
	}

	private JsonNode find(String array, String name) {
		for (JsonNode node : metadata.path(array)) {
			if (node.path("name").asString().equals(name)) {
				return node;
			}
		}
		throw new AssertionError("No '%s' in %s".formatted(name, array));
	}

}
