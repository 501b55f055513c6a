package io.github.clusterboot.it;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /actuator/cluster} answers.
 */
record ClusterReport(String state, MasterReport master, Identity answeredBy, int generation, String scheduling,
		Size size, List<ListenerReport> listeners, List<WorkerReport> workers, Restarts restarts,
		@Nullable LastRestart lastRestart, @Nullable Limited limited) {

	/**
	 * Return a worker of the report.
	 * @param id the worker's id
	 * @return the worker
	 */
	WorkerReport worker(int id) {
		return this.workers.stream()
			.filter((worker) -> worker.id() == id)
			.findFirst()
			.orElseThrow(() -> new AssertionError("No worker " + id + " in " + this));
	}

	/**
	 * Return how many requests a worker serves, without the one for this report.
	 * @param id the worker's id
	 * @return how many are active
	 */
	long otherRequestsOf(int id) {
		return worker(id).requests().active() - ((this.answeredBy.id() == id) ? 1 : 0);
	}

	record Limited(int to, String because) {

	}

	record MasterReport(long pid, Instant startTime) {

	}

	record Identity(int id, int index, long pid) {

	}

	record Size(int target, int ready) {

	}

	record ListenerReport(String name, String address, int port, long accepted, long waiting) {

	}

	record WorkerReport(int id, int index, long pid, int generation, String state, Instant startTime,
			@Nullable Instant readyTime, Counts connections, Counts requests, Memory memory,
			@Nullable Instant lastHeartbeat) {

	}

	record Counts(long active, long total) {

	}

	record Memory(long resident) {

	}

	record Restarts(long total, long unexpected) {

	}

	record LastRestart(int generation, String state, @Nullable String cause) {

	}

}
