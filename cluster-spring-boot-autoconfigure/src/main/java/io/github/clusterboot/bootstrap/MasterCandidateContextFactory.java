package io.github.clusterboot.bootstrap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationContextFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.jndi.JndiLocatorDelegate;

/**
 * Gives an application that may make its JVM a master an environment that loads no web
 * class. Contexts are left to the factories of Spring Boot.
 */
final class MasterCandidateContextFactory implements ApplicationContextFactory, Ordered {

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable ConfigurableEnvironment createEnvironment(@Nullable WebApplicationType webApplicationType) {
		if (webApplicationType != WebApplicationType.SERVLET
				|| !MasterCandidate.ofCurrentThread().isEligibleBeforeEnvironment()
				|| JndiLocatorDelegate.isDefaultJndiEnvironmentAvailable()) {
			return null;
		}
		return new MasterCandidateEnvironment();
	}

	@Override
	public @Nullable ConfigurableApplicationContext create(@Nullable WebApplicationType webApplicationType) {
		return null;
	}

}
