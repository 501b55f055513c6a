package io.github.clusterboot.master.supervise;

import java.time.Duration;

/**
 * Limits how many workers start at the same time.
 * <p>
 * A JVM that starts an application keeps about two processors busy: one runs the
 * application, another compiles it. Starting more of them at once makes the first one
 * ready later, and the last one no earlier. A worker that takes long, perhaps because it
 * waits for something, does not hold up the others for its whole start.
 */
public final class ConcurrentStarts {

	/**
	 * How long a worker that is not ready keeps others from being started.
	 */
	public static final Duration TURN = Duration.ofSeconds(10);

	private final int limit;

	private final boolean firstAlone;

	/**
	 * Create a limit.
	 * @param settings how many, and whether nothing is started beside the first worker
	 * until one has been ready
	 */
	ConcurrentStarts(MasterSettings.Size settings) {
		this.limit = settings.concurrentStarts();
		this.firstAlone = settings.firstAlone();
	}

	/**
	 * Return whether another worker may be started now. If not, that may change with the
	 * readiness or the end of a worker, or {@link #TURN} after a start.
	 * @param workers the workers whose process lives
	 * @param everReady whether a worker of the cluster has ever been ready
	 * @return whether there is room
	 */
	boolean isRoom(Workers workers, boolean everReady) {
		if (this.firstAlone && !everReady) {
			return workers.isEmpty();
		}
		return workers.all().stream().filter(ConcurrentStarts::isInTurn).count() + workers.beingStarted() < this.limit;
	}

	private static boolean isInTurn(WorkerHandle worker) {
		return worker.isStaying() && !worker.hasBeenReady() && worker.age().compareTo(TURN) < 0;
	}

}
