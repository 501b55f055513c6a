package io.github.clusterboot.bootstrap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The application runs as without the starter.
 *
 * @param warning why a cluster that the user asked for is not to be had and what to do,
 * or {@code null} where none was asked for
 */
record StandaloneDecision(@Nullable String warning) implements RoleDecision {

	private static final Log logger = LogFactory.getLog(StandaloneDecision.class);

	static final StandaloneDecision NOT_ASKED_FOR = new StandaloneDecision(null);

	/**
	 * Return the decision to do without the cluster that was asked for.
	 * @param reason why there can be no cluster, a clause
	 * @param action what the user can do, a sentence
	 * @return the decision
	 */
	static StandaloneDecision because(@Nullable String reason, String action) {
		return new StandaloneDecision(
				"The application runs in this process alone, without workers: %s. %s".formatted(reason, action));
	}

	@Override
	public void apply(SpringApplication application, ConfigurableEnvironment environment) {
		if (environment instanceof MasterCandidateEnvironment candidateEnvironment) {
			application.addInitializers(new ConvertedEnvironmentInitializer(candidateEnvironment));
		}
	}

	@Override
	public void contextPrepared(ConfigurableEnvironment environment) {
		if (this.warning != null) {
			logger.warn(this.warning);
		}
	}

}
