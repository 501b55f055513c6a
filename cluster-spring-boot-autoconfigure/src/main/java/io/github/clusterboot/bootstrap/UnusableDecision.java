package io.github.clusterboot.bootstrap;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The process cannot become the master that it should be. The failure waits until there
 * is a logging system to report it.
 *
 * @param failure why
 */
record UnusableDecision(ClusterStartException failure) implements RoleDecision {

	@Override
	public void apply(SpringApplication application, ConfigurableEnvironment environment) {
		throw this.failure;
	}

}
