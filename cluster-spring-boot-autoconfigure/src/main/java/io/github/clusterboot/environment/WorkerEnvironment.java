package io.github.clusterboot.environment;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Adapts a worker's application before it starts, so that it does not get in the way of
 * the same application in other workers.
 */
public final class WorkerEnvironment {

	private WorkerEnvironment() {
	}

	/**
	 * Adapt the listeners that the application was given. To be called before it
	 * publishes its first event.
	 * @param application the application
	 * @param index the worker's index
	 */
	public static void adapt(SpringApplication application, int index) {
		new PidFile(application).defer();
		WorkerPortFiles.separate(application, index);
	}

	/**
	 * Adapt the properties. To be called before the logging system reads them.
	 * Applications may share an environment, so it may have been adapted before.
	 * @param environment the application's environment
	 */
	public static void adapt(ConfigurableEnvironment environment) {
		new WorkerLogging(environment).adapt();
		new WorkerFiles(environment).separate();
		new WorkerSessionStore(environment).separate();
		new WorkerQuietPeriod(environment).hasten();
	}

	/**
	 * Give the worker a pid file of its own. To be called when the properties are known.
	 * @param application the application
	 * @param environment its environment
	 */
	public static void separatePidFile(SpringApplication application, ConfigurableEnvironment environment) {
		new PidFile(application).separate(environment);
	}

}
