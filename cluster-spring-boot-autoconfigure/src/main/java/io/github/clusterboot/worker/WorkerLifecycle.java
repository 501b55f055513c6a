package io.github.clusterboot.worker;

import java.time.Duration;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.Ordered;

/**
 * Tells the master about the application's life: that there can be only one of it,
 * whether it accepts traffic, and that its context closes. In the other direction it
 * publishes the cluster's events to the application.
 * <p>
 * {@link ContextClosedEvent} comes before any lifecycle bean is stopped, whatever its
 * phase, and this listener is the first to receive it. So the worker drains before Spring
 * Boot's graceful shutdown pauses the server, and before Spring's task executors, which
 * listen for it as well, refuse the tasks of requests that are still being served.
 */
final class WorkerLifecycle implements ApplicationListener<ApplicationEvent>, Ordered {

	private static final String LIFECYCLE_PROCESSOR = AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME;

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
			tellLimit();
			this.events.start();
		}
		else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
			limitShutdown(this.link.shutdown().drain());
			this.events.stop();
			this.link.shutdown().giveUpClaim(this.context);
		}
	}

	private void tellLimit() {
		String database = InMemoryDatabase.find(this.context);
		if (database != null) {
			this.link.limited(1, "the application's database is in the memory of its process (" + database
					+ "), so each worker has one of its own");
		}
	}

	/**
	 * Spring Boot waits for the requests that have outlived the drain, by default for
	 * longer than the master waits for this process: it would be killed before the
	 * application's beans are destroyed.
	 */
	private void limitShutdown(Duration timeLeft) {
		if (!timeLeft.isZero() && this.context.containsBean(LIFECYCLE_PROCESSOR)
				&& this.context.getBean(LIFECYCLE_PROCESSOR) instanceof DefaultLifecycleProcessor processor) {
			processor.setTimeoutPerShutdownPhase(timeLeft.dividedBy(2).toMillis());
		}
	}

	/**
	 * Never use another thread: the context must not close before the drain is over.
	 */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
