package io.github.clusterboot.it.app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.clusterboot.ClusterEvent;

import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells which events of the cluster have been published to it.
 */
@RestController
class EventRecorder {

	// for all contexts that there are in the process, one after the other
	private static final List<ClusterEvent> events = new CopyOnWriteArrayList<>();

	@EventListener
	void record(ClusterEvent event) {
		events.add(event);
	}

	@GetMapping("/recorded-events")
	List<ClusterEvent> recordedEvents() {
		return events;
	}

}
