package io.github.clusterboot.it;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many workers there were, after each event of the cluster.
 *
 * @param moments the moments, oldest first
 */
record EventHistory(List<Moment> moments) {

	/**
	 * Go through the events of a cluster from its start on.
	 * @param events all events
	 * @return the history
	 */
	static EventHistory of(List<EventReport> events) {
		Set<Integer> alive = new HashSet<>();
		Set<Integer> ready = new HashSet<>();
		List<Moment> moments = new ArrayList<>();
		for (EventReport event : events) {
			if (event.worker() != null) {
				apply(event.type(), event.worker().id(), alive, ready);
			}
			moments.add(new Moment(event, alive.size(), ready.size()));
		}
		return new EventHistory(moments);
	}

	private static void apply(String type, int worker, Set<Integer> alive, Set<Integer> ready) {
		switch (type) {
			case "WORKER_STARTED" -> alive.add(worker);
			case "WORKER_READY" -> ready.add(worker);
			case "WORKER_OUT_OF_SERVICE", "WORKER_DRAINING" -> ready.remove(worker);
			case "WORKER_EXITED" -> {
				ready.remove(worker);
				alive.remove(worker);
			}
			default -> {
				// nothing that is counted
			}
		}
	}

	/**
	 * Return what has happened since so many workers were ready for the first time.
	 * @param workers how many
	 * @return the history from then on
	 */
	EventHistory sinceReady(int workers) {
		return new EventHistory(this.moments.stream().dropWhile((moment) -> moment.ready() < workers).toList());
	}

	/**
	 * Return what has happened since an event.
	 * @param sequence the event's sequence number
	 * @return the history from the event after it on
	 */
	EventHistory since(long sequence) {
		return new EventHistory(
				this.moments.stream().filter((moment) -> moment.event().sequence() > sequence).toList());
	}

	int fewestReady() {
		return this.moments.stream().mapToInt(Moment::ready).min().orElseThrow();
	}

	int mostAlive() {
		return this.moments.stream().mapToInt(Moment::alive).max().orElseThrow();
	}

	/**
	 * Return the exits of workers.
	 * @param reason their reason
	 * @return the events, oldest first
	 */
	List<EventReport> exits(String reason) {
		return this.moments.stream()
			.map(Moment::event)
			.filter((event) -> event.type().equals("WORKER_EXITED") && reason.equals(event.reason()))
			.toList();
	}

	/**
	 * An event and how many workers there are after it.
	 *
	 * @param event the event
	 * @param alive how many have a process
	 * @param ready how many are ready
	 */
	record Moment(EventReport event, int alive, int ready) {

	}

}
