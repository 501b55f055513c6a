package io.github.clusterboot.bootstrap;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * What has been decided for an application, and what follows from it.
 */
sealed interface RoleDecision permits StandaloneDecision, WorkerDecision, MasterDecision, UnusableDecision {

	/**
	 * Adapt the environment before the logging system is initialised from it.
	 * @param environment the application's environment
	 */
	default void prepare(ConfigurableEnvironment environment) {
	}

	/**
	 * Shape the run of the application, once logging works.
	 * @param application the application that is being run
	 * @param environment the application's environment
	 */
	default void apply(SpringApplication application, ConfigurableEnvironment environment) {
	}

	/**
	 * Go on when there is a context, after the banner.
	 * @param application the application that is being run
	 * @param context the context
	 */
	default void contextPrepared(SpringApplication application, ConfigurableApplicationContext context) {
	}

}
