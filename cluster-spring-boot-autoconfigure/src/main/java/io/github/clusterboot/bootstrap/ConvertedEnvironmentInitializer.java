package io.github.clusterboot.bootstrap;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/**
 * Completes what Spring Boot has made of a {@link MasterCandidateEnvironment}: its
 * {@code EnvironmentConverter} puts the servlet's property sources before all others and
 * forgets the default profiles.
 */
final class ConvertedEnvironmentInitializer
		implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

	private static final String JNDI = "jndiProperties";

	private final MasterCandidateEnvironment original;

	ConvertedEnvironmentInitializer(MasterCandidateEnvironment original) {
		this.original = original;
	}

	/**
	 * Before any other initialiser sees the environment.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		environment.setDefaultProfiles(this.original.getDefaultProfiles());
		restoreOrder(environment.getPropertySources());
	}

	private void restoreOrder(MutablePropertySources propertySources) {
		Map<String, PropertySource<?>> byName = new LinkedHashMap<>();
		propertySources.forEach((source) -> byName.put(source.getName(), source));
		for (PropertySource<?> source : this.original.getPropertySources()) {
			PropertySource<?> converted = byName.get(source.getName());
			if (converted != null) {
				propertySources.addLast(converted);
			}
		}
		PropertySource<?> jndi = byName.get(JNDI);
		if (jndi != null && byName.containsKey(MasterCandidateEnvironment.SERVLET_CONTEXT)) {
			// there if JNDI has a provider, as with Jetty; see
			// StandardServletEnvironment
			propertySources.addAfter(MasterCandidateEnvironment.SERVLET_CONTEXT, jndi);
		}
	}

}
