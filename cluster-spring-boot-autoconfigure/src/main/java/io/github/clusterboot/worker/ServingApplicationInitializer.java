package io.github.clusterboot.worker;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Makes an application the one whose life is this worker's: it is what the worker was
 * started for. If there is such an application already, the new one is ignored.
 */
public final class ServingApplicationInitializer
		implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		MasterLink link = WorkerRunListener.link();
		if (link != null && link.claim(context)) {
			context.addApplicationListener(new WorkerLifecycle(link, context));
		}
	}

}
