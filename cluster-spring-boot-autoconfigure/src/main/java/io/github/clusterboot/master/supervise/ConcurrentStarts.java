package io.github.clusterboot.master.supervise;

import java.time.Duration;

/**
 * Limits how many workers start at the same time.
 * <p>
 * A JVM that starts an application keeps about two processors busy: one runs the
 * application, another compiles it. Starting more of them at once makes the first one
 * ready later, and the last one no earlier; starting far more of them makes each take
 * longer than a start may. A worker that takes longer than usual, perhaps because it
 * waits for something, does not hold up the others for its whole start: it has a turn,
 * after which another is started beside it, unless starts take so long here that there is
 * no time for two at once. Used on the event loop only.
 */
final class ConcurrentStarts {

	/**
	 * How long a turn lasts at least.
	 */
	static final Duration SHORTEST_TURN = Duration.ofSeconds(10);

	/**
	 * How many times as long as the last start a turn lasts.
	 */
	private static final int PATIENCE = 2;

	private final int limit;

	private final boolean firstAlone;

	private Duration turn = SHORTEST_TURN;

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
	 * Note how long a start takes on this machine now: a worker has become ready, or has
	 * not in the time that it had.
	 * @param time the time from its start
	 */
	void took(Duration time) {
		Duration turn = time.multipliedBy(PATIENCE);
		this.turn = (turn.compareTo(SHORTEST_TURN) > 0) ? turn : SHORTEST_TURN;
	}

	/**
	 * Return whether another worker may be started now. If not, that changes with the
	 * readiness or the end of a worker, or with time.
	 * @param workers the workers whose process lives
	 * @param everReady whether a worker of the cluster has ever been ready
	 * @return whether there is room
	 */
	boolean isRoom(Workers workers, boolean everReady) {
		if (this.firstAlone && !everReady) {
			return workers.isEmpty();
		}
		return inTurn(workers) + workers.beingStarted() < this.limit;
	}

	/**
	 * Each worker that takes longer than its turn slows down the next one, whose turn is
	 * twice as long.
	 */
	private int inTurn(Workers workers) {
		int inTurn = 0;
		Duration turn = this.turn;
		for (WorkerHandle worker : workers.all()) {
			if (worker.isStaying() && !worker.hasBeenReady()) {
				if (worker.age().compareTo(turn) < 0) {
					inTurn++;
				}
				else {
					turn = turn.multipliedBy(2);
				}
			}
		}
		return inTurn;
	}

}
