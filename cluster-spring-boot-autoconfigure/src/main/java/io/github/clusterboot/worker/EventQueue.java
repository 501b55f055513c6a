package io.github.clusterboot.worker;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import io.github.clusterboot.ClusterEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The events that have not been published to the application yet. If it does not keep up,
 * the oldest are dropped. One thread adds, any thread may take.
 */
final class EventQueue {

	/**
	 * As many as the master's journal holds.
	 */
	static final int CAPACITY = 1000;

	private static final Log logger = LogFactory.getLog(EventQueue.class);

	private final BlockingQueue<ClusterEvent> events = new ArrayBlockingQueue<>(CAPACITY);

	private boolean dropReported;

	void add(ClusterEvent event) {
		while (!this.events.offer(event)) {
			this.events.poll();
			if (!this.dropReported) {
				this.dropReported = true;
				logger.warn("The application does not keep up with the cluster's events: the oldest are dropped");
			}
		}
	}

	/**
	 * Return the next event. Blocks until there is one.
	 * @return the event
	 * @throws InterruptedException if the thread is interrupted
	 */
	ClusterEvent take() throws InterruptedException {
		return this.events.take();
	}

}
