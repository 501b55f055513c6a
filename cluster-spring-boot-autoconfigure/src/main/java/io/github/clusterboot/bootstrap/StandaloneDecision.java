package io.github.clusterboot.bootstrap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The application runs as without the starter.
 *
 * @param message why, and what to do about it
 * @param warns whether the user has asked for a cluster and does not get it
 * @param preliminary whether a later application may still make the JVM a master
 */
record StandaloneDecision(String message, boolean warns, boolean preliminary) implements RoleDecision {

	private static final Log logger = LogFactory.getLog(StandaloneDecision.class);

	/**
	 * Return the decision to do without a cluster, which the user can expect.
	 * @param reason why there is no cluster, a clause
	 * @return the decision
	 */
	static StandaloneDecision expected(String reason) {
		return new StandaloneDecision(message(reason), false, false);
	}

	/**
	 * Return the decision to do without the cluster that was asked for.
	 * @param reason why there can be no cluster, a clause
	 * @param action what the user can do, a sentence
	 * @return the decision
	 */
	static StandaloneDecision because(@Nullable String reason, String action) {
		return new StandaloneDecision(message(reason) + " " + action, true, false);
	}

	/**
	 * Return the decision for an application that has no web server, and leaves the role
	 * of the JVM to the next application.
	 * @param reason why it is not one of a cluster, a clause
	 * @param action what the user can do, a sentence
	 * @param warns whether the user has asked for a cluster
	 * @return the decision
	 */
	static StandaloneDecision preliminary(String reason, String action, boolean warns) {
		return new StandaloneDecision(message(reason) + " " + action, warns, true);
	}

	private static String message(@Nullable String reason) {
		return "The application runs in this process alone, without workers: %s.".formatted(reason);
	}

	@Override
	public void apply(SpringApplication application, ConfigurableEnvironment environment) {
		if (environment instanceof MasterCandidateEnvironment candidateEnvironment) {
			application.addInitializers(new ConvertedEnvironmentInitializer(candidateEnvironment));
		}
	}

	@Override
	public void contextPrepared(SpringApplication application, ConfigurableApplicationContext context) {
		if (this.warns) {
			logger.warn(this.message);
		}
		else {
			logger.debug(this.message);
		}
		if (this.preliminary) {
			EarlierContexts.add(context);
		}
	}

}
