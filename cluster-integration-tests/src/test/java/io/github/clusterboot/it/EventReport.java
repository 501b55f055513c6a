package io.github.clusterboot.it;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One of the events that {@code GET /actuator/clusterevents} answers.
 */
record EventReport(long sequence, Instant timestamp, String type, @Nullable Worker worker, @Nullable String reason,
		@Nullable Integer exitCode, String message) {

	boolean is(String type, int workerId) {
		return this.type.equals(type) && this.worker != null && this.worker.id() == workerId;
	}

	record Worker(int id, int index, long pid, int generation) {

	}

}
