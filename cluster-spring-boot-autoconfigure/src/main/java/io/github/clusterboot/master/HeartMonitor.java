package io.github.clusterboot.master;

import java.time.Duration;

import io.github.clusterboot.ipc.Scoreboard;

/**
 * Finds workers that hang: those whose heart has been silent for the heartbeat time-out.
 * A pause that is shorter may have begun just before a beat was due, so one interval is
 * added.
 * <p>
 * Only time in which the master itself runs counts: while it is stopped, or the machine
 * suspended, it hears nobody. Used on the event loop only.
 */
final class HeartMonitor {

	static final Duration INTERVAL = Duration.ofMillis(250);

	/**
	 * More than this between two looks is time in which the master stood still.
	 */
	private static final Duration LONGEST_GAP = INTERVAL.multipliedBy(2);

	private final Duration timeout;

	private final Workers workers;

	private final WorkerLife life;

	private long lookedAt = System.nanoTime();

	HeartMonitor(Duration timeout, Workers workers, WorkerLife life) {
		this.timeout = timeout.plus(Scoreboard.HEARTBEAT_INTERVAL);
		this.workers = workers;
		this.life = life;
	}

	void check() {
		long now = System.nanoTime();
		Duration gap = Duration.ofNanos(now - this.lookedAt);
		Duration elapsed = (gap.compareTo(LONGEST_GAP) < 0) ? gap : LONGEST_GAP;
		this.lookedAt = now;
		for (WorkerHandle worker : this.workers.all()) {
			if (worker.heart().listen(elapsed).compareTo(this.timeout) >= 0) {
				this.life.hung(worker);
			}
		}
	}

}
