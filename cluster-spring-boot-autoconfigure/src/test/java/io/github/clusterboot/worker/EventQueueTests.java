package io.github.clusterboot.worker;

import java.time.Instant;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventQueue}.
 */
@Timeout(30)
class EventQueueTests {

	private final EventQueue events = new EventQueue();

	@Test
	void takeReturnsEventsInTheirOrder() throws InterruptedException {
		add(1, 2);
		assertThat(this.events.take().sequence()).isOne();
		assertThat(this.events.take().sequence()).isEqualTo(2);
	}

	@Test
	void addWhenFullDropsTheOldest() throws InterruptedException {
		add(1, EventQueue.CAPACITY + 3);
		for (int sequence = 4; sequence <= EventQueue.CAPACITY + 3; sequence++) {
			assertThat(this.events.take().sequence()).isEqualTo(sequence);
		}
	}

	private void add(int first, int last) {
		for (int sequence = first; sequence <= last; sequence++) {
			this.events
				.add(new ClusterEvent(sequence, Instant.EPOCH, ClusterEventType.WORKER_READY, null, null, null, ""));
		}
	}

}
