package io.github.clusterboot.bootstrap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurablePropertyResolver;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource.StubPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The environment of a servlet application that may make its JVM a master.
 * <p>
 * It has the property sources of Spring Boot's own environment for such an application,
 * in the same places and under the same names, but is made of no web class. If the JVM
 * does not become a master, Spring Boot converts it to its own type before the banner is
 * printed, and {@link ConvertedEnvironmentInitializer} brings the rest over.
 */
final class MasterCandidateEnvironment extends StandardEnvironment {

	/**
	 * {@code StandardServletEnvironment.SERVLET_CONFIG_PROPERTY_SOURCE_NAME}.
	 */
	static final String SERVLET_CONFIG = "servletConfigInitParams";

	/**
	 * {@code StandardServletEnvironment.SERVLET_CONTEXT_PROPERTY_SOURCE_NAME}.
	 */
	static final String SERVLET_CONTEXT = "servletContextInitParams";

	@Override
	protected void customizePropertySources(MutablePropertySources propertySources) {
		propertySources.addLast(new StubPropertySource(SERVLET_CONFIG));
		propertySources.addLast(new StubPropertySource(SERVLET_CONTEXT));
		super.customizePropertySources(propertySources);
	}

	/**
	 * Spring Boot sets the profiles itself, from all of its configuration data.
	 */
	@Override
	protected @Nullable String doGetActiveProfilesProperty() {
		return null;
	}

	@Override
	protected @Nullable String doGetDefaultProfilesProperty() {
		return null;
	}

	@Override
	protected ConfigurablePropertyResolver createPropertyResolver(MutablePropertySources propertySources) {
		return ConfigurationPropertySources.createPropertyResolver(propertySources);
	}

}
