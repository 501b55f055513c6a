package io.github.clusterboot.master;

import java.time.Duration;

/**
 * Limits how many workers start at the same time.
 * <p>
 * A JVM that starts an application keeps some two processors busy: one runs the
 * application, another compiles it. Starting more of them at once makes the first one
 * ready later, and the last one no earlier. A worker that takes long, perhaps since it
 * waits for something, does not hold up the others for its whole start.
 */
final class ConcurrentStarts {

	/**
	 * How long a worker that is not ready keeps others from being started.
	 */
	static final Duration TURN = Duration.ofSeconds(10);

	private final int limit;

	/**
	 * Create a limit.
	 * @param limit how many, at least 1
	 */
	ConcurrentStarts(int limit) {
		this.limit = limit;
	}

	/**
	 * Return whether another worker may be started now. If not, that may change with the
	 * readiness or the end of a worker, or {@link #TURN} after a start.
	 * @param workers the workers whose process lives
	 * @return whether there is room
	 */
	boolean isRoom(Workers workers) {
		return workers.all().stream().filter(ConcurrentStarts::isInTurn).count() < this.limit;
	}

	private static boolean isInTurn(WorkerHandle worker) {
		return worker.isStaying() && !worker.hasBeenReady() && worker.process().age().compareTo(TURN) < 0;
	}

}
