package io.github.clusterboot.worker;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Makes an application the one that this worker was started for: the worker shares its
 * life. If there already is such an application, the new one is ignored.
 */
public final class ServingApplicationInitializer
		implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		MasterLink link = WorkerRunListener.link();
		if (link != null && link.shutdown().claim(context)) {
			context.addApplicationListener(new WorkerLifecycle(link, context));
		}
	}

}
