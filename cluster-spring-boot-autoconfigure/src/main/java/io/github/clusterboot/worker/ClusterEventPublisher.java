package io.github.clusterboot.worker;

import io.github.clusterboot.ClusterEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes the cluster's events to the application's beans, on its own thread, so that a
 * slow listener delays nothing else. Earlier events have waited in the link.
 */
final class ClusterEventPublisher {

	private static final Log logger = LogFactory.getLog(ClusterEventPublisher.class);

	private final MasterLink link;

	private final ApplicationEventPublisher publisher;

	private final Thread thread = new Thread(this::publish, "cluster-events");

	ClusterEventPublisher(MasterLink link, ApplicationEventPublisher publisher) {
		this.link = link;
		this.publisher = publisher;
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	void stop() {
		this.thread.interrupt();
	}

	private void publish() {
		try {
			while (true) {
				publish(this.link.nextEvent());
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Cluster events are no longer published");
		}
	}

	private void publish(ClusterEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException | LinkageError | AssertionError ex) {
			logger.warn("A listener has failed to handle the cluster event " + event.sequence(), ex);
		}
	}

}
