package io.github.clusterboot.bootstrap;

import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The process is a worker. Its link to the master is not made here.
 */
record WorkerDecision() implements RoleDecision {

	@Override
	public void prepare(ConfigurableEnvironment environment) {
		new WorkerLogging(environment).adapt();
		new WorkerFiles(environment).separate();
		new WorkerSessionStore(environment).separate();
		new WorkerShutdown(environment).hasten();
	}

}
