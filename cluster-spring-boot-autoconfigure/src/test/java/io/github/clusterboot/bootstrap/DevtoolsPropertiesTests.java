package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code META-INF/spring-devtools.properties}. Devtools looks for the pattern
 * anywhere in the URL of each folder on the class path.
 */
class DevtoolsPropertiesTests {

	private static final String PREFIX = "restart.exclude.";

	private static Properties properties;

	@BeforeAll
	static void load() throws IOException {
		properties = PropertiesLoaderUtils.loadProperties(new ClassPathResource("META-INF/spring-devtools.properties"));
	}

	@Test
	void restartExcludeWhenLibraryIsFolderOfItsBuildMatches() throws IOException {
		URL folder = ClusterEnvironmentListener.class.getProtectionDomain().getCodeSource().getLocation();
		assertThat(isExcluded(folder.toString())).isTrue();
		assertThat(isExcluded(Path.of("a b", "cluster-spring-boot-autoconfigure", "target", "classes").toUri() + "/"))
			.isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:/home/shop/app/target/classes/",
			"file:/home/shop/cluster-spring-boot/sample-app/target/classes/",
			"file:/home/shop/cluster-spring-boot-autoconfigure/shop/target/classes/",
			"file:/home/shop/cluster-spring-boot-autoconfigure/target/test-classes/",
			"file:/home/shop/my-cluster-spring-boot-autoconfigure/target/classes/",
			"file:/home/shop/cluster-spring-boot-autoconfigure/target/classes/shop/" })
	void restartExcludeWhenFolderIsAnApplicationsDoesNotMatch(String url) {
		assertThat(isExcluded(url)).isFalse();
	}

	private static boolean isExcluded(String url) {
		return properties.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith(PREFIX))
			.anyMatch((name) -> Pattern.compile(properties.getProperty(name)).matcher(url).find());
	}

}
