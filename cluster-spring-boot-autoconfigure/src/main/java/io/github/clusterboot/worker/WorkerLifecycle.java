package io.github.clusterboot.worker;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Tells the master of the application's life: whether it accepts traffic, and that its
 * context closes. In return it publishes the cluster's events to the application.
 * <p>
 * {@link ContextClosedEvent} comes before any lifecycle bean is stopped, and so before
 * Spring Boot's graceful shutdown pauses the server: from then on nothing is taken.
 */
final class WorkerLifecycle implements ApplicationListener<ApplicationEvent> {

	private final MasterLink link;

	private final ApplicationContext context;

	private final ClusterEventPublisher events;

	WorkerLifecycle(MasterLink link, ApplicationContext context) {
		this.link = link;
		this.context = context;
		this.events = new ClusterEventPublisher(link, context);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof AvailabilityChangeEvent<?> change && change.getState() instanceof ReadinessState state) {
			this.link.readiness(state == ReadinessState.ACCEPTING_TRAFFIC);
		}
		else if (event instanceof ContextRefreshedEvent refreshed
				&& refreshed.getApplicationContext() == this.context) {
			this.events.start();
		}
		else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
			this.link.drain();
			this.events.stop();
			this.link.release();
		}
	}

}
