package io.github.clusterboot.it.app;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/**
 * A web application that another thread starts, after a step that is an application of
 * its own. Not to be found by the component scan of another application.
 */
@EnableAutoConfiguration
@Import(ProcessController.class)
public class StepsApplication {

	public static void main(String[] args) throws InterruptedException {
		new SpringApplicationBuilder(Step.class).web(WebApplicationType.NONE).run(args).close();
		Thread thread = new Thread(() -> new SpringApplicationBuilder(StepsApplication.class).run(args), "starter");
		thread.start();
		thread.join();
	}

	/**
	 * The step.
	 */
	static class Step {

	}

}
