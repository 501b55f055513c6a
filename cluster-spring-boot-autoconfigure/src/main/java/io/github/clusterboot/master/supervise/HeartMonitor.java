package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.master.loop.Durations;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import org.apache.commons.logging.Log;

/**
 * Finds workers that hang, which have been silent for the heartbeat timeout, and ends
 * them. A pause that is shorter may have begun just before a beat was due, so one
 * interval is added.
 * <p>
 * Only time in which the master itself runs counts: while it is stopped, or the machine
 * suspended, it sees no beat. Used on the event loop only.
 */
final class HeartMonitor {

	static final Duration INTERVAL = Duration.ofMillis(250);

	private static final Log logger = MasterLog.of(HeartMonitor.class);

	/**
	 * More than this between two looks is time in which the master stood still.
	 */
	private static final Duration LONGEST_GAP = INTERVAL.multipliedBy(2);

	/**
	 * How long a worker that hangs gets to print its thread dump.
	 */
	private static final Duration TIME_TO_DUMP = Duration.ofSeconds(1);

	private final SupervisionContext context;

	private final Runnable onChange;

	private final Duration timeout;

	private long lookedAt;

	/**
	 * Create a monitor.
	 * @param context what the supervision works with
	 * @param onChange called when a worker is to be replaced
	 */
	HeartMonitor(SupervisionContext context, Runnable onChange) {
		this.context = context;
		this.onChange = onChange;
		this.timeout = context.settings().heartbeatTimeout().plus(Scoreboard.HEARTBEAT_INTERVAL);
		this.lookedAt = context.loop().nanoTime();
	}

	void check() {
		Duration gap = this.context.loop().since(this.lookedAt);
		Duration elapsed = (gap.compareTo(LONGEST_GAP) < 0) ? gap : LONGEST_GAP;
		this.lookedAt = this.context.loop().nanoTime();
		for (WorkerHandle worker : this.context.workers().all()) {
			if (worker.heartbeats().silence(elapsed).compareTo(this.timeout) >= 0) {
				Steps.take("end " + worker + ", which hangs", () -> hung(worker));
			}
		}
	}

	/**
	 * The worker is replaced at once, and killed after it was asked where it hangs.
	 */
	private void hung(WorkerHandle worker) {
		if (worker.isHung() || worker.exitCause().isKilled()) {
			return;
		}
		worker.hangs();
		String message = worker + " has been silent for " + Durations.format(this.context.settings().heartbeatTimeout())
				+ ": it is asked for a thread dump and then killed";
		logger.warn(message);
		if (!Steps.take("wait for the thread dump of " + worker, () -> killLater(worker))) {
			worker.killFor(ExitReason.HUNG);
		}
		Steps.take("note that " + worker + " hangs", () -> this.context.journal()
			.record(ClusterEventType.WORKER_OUT_OF_SERVICE, worker.identity(), message));
		Steps.take("take back the connections of " + worker, () -> this.context.listeners().takeBack(worker));
		Steps.take("have " + worker + " asked for a thread dump",
				() -> this.context.starter().askForThreadDump(worker.identity(), worker.process()));
		this.onChange.run();
	}

	private void killLater(WorkerHandle worker) {
		worker.deadline(
				this.context.loop().schedule("kill " + worker, () -> worker.killFor(ExitReason.HUNG), TIME_TO_DUMP));
	}

}
