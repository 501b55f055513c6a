package io.github.clusterboot.bootstrap;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.clusterboot.autoconfigure.ClusterProperties;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PropertyRules}.
 */
class PropertyRulesTests {

	private static final List<String> WITHOUT_RULE = List.of("cluster.exclusive-listeners", "cluster.worker.cache",
			"cluster.worker.jvm-args");

	@Test
	void allHasARuleForEachKeyOfTheMetadata() throws Exception {
		List<String> ruled = PropertyRules.ALL.stream().map(PropertyRule::key).toList();
		assertThat(ruled).doesNotHaveDuplicates();
		assertThat(Stream.concat(ruled.stream(), WITHOUT_RULE.stream()))
			.containsExactlyInAnyOrderElementsOf(keysOfTheMetadata());
	}

	@Test
	void checkWhenValuesAreTheDefaultsPasses() {
		assertThat(PropertyRules.ALL).allMatch((rule) -> rule.check().test(new ClusterProperties()));
	}

	private static List<String> keysOfTheMetadata() throws Exception {
		URI classes = ClusterProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI();
		try (InputStream json = Files
			.newInputStream(Path.of(classes).resolve("META-INF/spring-configuration-metadata.json"))) {
			return JsonMapper.shared()
				.readTree(json)
				.path("properties")
				.valueStream()
				.map((property) -> property.path("name").asString())
				.filter((name) -> name.startsWith("cluster."))
				.toList();
		}
	}

}
