package io.github.clusterboot.bootstrap;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.environment.WorkerEnvironment;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Acts on the {@link RoleDecision} once logging works, so that its messages can be read.
 */
final class ClusterRunListener implements SpringApplicationRunListener, Ordered {

	private final SpringApplication application;

	private final String[] arguments;

	private RoleDecision decision = StandaloneDecision.expected("nothing has been decided");

	ClusterRunListener(SpringApplication application, String[] arguments) {
		this.application = application;
		this.arguments = arguments;
		WorkerIdentity worker = WorkerIdentity.ofThisProcess();
		if (worker.id() > 0) {
			// before the first event
			WorkerEnvironment.adapt(application, worker.index());
		}
	}

	/**
	 * After Spring Boot's own listener, which is at 0 and initialises the logging system.
	 */
	@Override
	public int getOrder() {
		return 100;
	}

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrapContext,
			ConfigurableEnvironment environment) {
		// An application that has replaced its listeners has not decided yet
		this.decision = bootstrapContext.getOrElseSupply(RoleDecision.class,
				() -> RoleDecider.ofCurrentThread().decide(this.application, this.arguments, environment));
		this.decision.apply(this.application, environment);
	}

	@Override
	public void contextPrepared(ConfigurableApplicationContext context) {
		this.decision.contextPrepared(this.application, context);
	}

}
