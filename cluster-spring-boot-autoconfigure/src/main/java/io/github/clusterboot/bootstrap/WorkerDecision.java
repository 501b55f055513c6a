package io.github.clusterboot.bootstrap;

import io.github.clusterboot.environment.WorkerEnvironment;
import io.github.clusterboot.worker.ServingApplicationInitializer;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The process is a worker. Its link to the master is not made here.
 *
 * @param serves whether the application is the kind that the worker was started for, and
 * not another one that runs before or inside it
 */
record WorkerDecision(boolean serves) implements RoleDecision {

	@Override
	public void prepare(ConfigurableEnvironment environment) {
		WorkerEnvironment.adapt(environment);
	}

	@Override
	public void apply(SpringApplication application, ConfigurableEnvironment environment) {
		if (this.serves) {
			application.addInitializers(new ServingApplicationInitializer());
		}
		WorkerEnvironment.separatePidFile(application, environment);
	}

}
