package io.github.clusterboot.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MasterCandidateEnvironment} and
 * {@link ConvertedEnvironmentInitializer}.
 */
class MasterCandidateEnvironmentTests {

	private static final String[] ARGUMENTS = { "--spring.profiles.default=one,two", "--foo=bar" };

	@Test
	void runWhenStandaloneHasSameEnvironmentAsWithoutTheStarter() {
		Snapshot expected = run(null);
		Snapshot actual = run(new MasterCandidateEnvironment());
		assertThat(actual).isEqualTo(expected);
		assertThat(actual.propertySources()).containsSubsequence("configurationProperties", "commandLineArgs",
				"servletConfigInitParams", "servletContextInitParams", "systemProperties", "defaultProperties");
		assertThat(actual.defaultProfiles()).containsExactly("one", "two");
	}

	private Snapshot run(@Nullable ConfigurableEnvironment candidate) {
		List<Snapshot> seen = new ArrayList<>();
		SpringApplication application = new SpringApplication(Config.class);
		application.setDefaultProperties(Map.of("default", "value"));
		application.addInitializers((ApplicationContextInitializer<ConfigurableApplicationContext>) (context) -> seen
			.add(Snapshot.of(context.getEnvironment())));
		application.setApplicationContextFactory(new CandidateFactory(candidate));
		application.run(ARGUMENTS).close();
		return seen.get(0);
	}

	private record Snapshot(Class<?> type, List<String> propertySources, List<String> activeProfiles,
			List<String> defaultProfiles) {

		private static Snapshot of(ConfigurableEnvironment environment) {
			return new Snapshot(environment.getClass(),
					environment.getPropertySources().stream().map(PropertySource::getName).toList(),
					List.of(environment.getActiveProfiles()), List.of(environment.getDefaultProfiles()));
		}

	}

	/**
	 * Stands in for {@link MasterCandidateContextFactory}, which does nothing in a test.
	 */
	private record CandidateFactory(@Nullable ConfigurableEnvironment candidate) implements ApplicationContextFactory {

		@Override
		public @Nullable ConfigurableEnvironment createEnvironment(@Nullable WebApplicationType webApplicationType) {
			return this.candidate;
		}

		@Override
		public ConfigurableApplicationContext create(@Nullable WebApplicationType webApplicationType) {
			return new GenericApplicationContext();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Config {

	}

}
