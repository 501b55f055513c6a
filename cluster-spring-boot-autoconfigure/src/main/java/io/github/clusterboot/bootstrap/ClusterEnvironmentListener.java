package io.github.clusterboot.bootstrap;

import io.github.clusterboot.master.EarlyHangUp;

import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Decides the role as soon as all properties are known, and before the logging system
 * reads those that differ between the processes of a cluster.
 */
final class ClusterEnvironmentListener implements ApplicationListener<SpringApplicationEvent>, Ordered {

	/**
	 * After the environment post processors and after the detection of colours, before
	 * the logging system and the background pre-initialisation.
	 */
	static final int ORDER = LoggingApplicationListener.DEFAULT_ORDER - 1;

	private boolean hangUpIgnored;

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void onApplicationEvent(SpringApplicationEvent event) {
		if (event instanceof ApplicationStartingEvent
				&& MasterCandidate.ofCurrentThread().isEligibleBeforeEnvironment()) {
			EarlyHangUp.ignore();
			this.hangUpIgnored = true;
		}
		else if (event instanceof ApplicationEnvironmentPreparedEvent preparedEvent) {
			decide(preparedEvent);
		}
		else if (event instanceof ApplicationFailedEvent) {
			MasterBackgroundPreinitializer.release();
		}
	}

	private void decide(ApplicationEnvironmentPreparedEvent event) {
		RoleDecision decision = RoleDecider.ofCurrentThread()
			.decide(event.getSpringApplication(), event.getArgs(), event.getEnvironment());
		if (this.hangUpIgnored && decision instanceof StandaloneDecision) {
			EarlyHangUp.leave();
		}
		decision.prepare(event.getEnvironment());
		event.getBootstrapContext().register(RoleDecision.class, InstanceSupplier.of(decision));
	}

}
