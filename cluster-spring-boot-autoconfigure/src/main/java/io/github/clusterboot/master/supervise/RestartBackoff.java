package io.github.clusterboot.master.supervise;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.clusterboot.master.loop.TimeSource;

/**
 * The growing delays between the unexpected exits at a worker index and the next start
 * there. Used on the event loop only.
 */
final class RestartBackoff {

	private static final long PAUSE = Duration.ofSeconds(1).toNanos();

	private final MasterSettings.Restart settings;

	private final TimeSource time;

	private final Map<Integer, Delay> delays = new HashMap<>();

	private long pausedUntil;

	RestartBackoff(MasterSettings.Restart settings, TimeSource time) {
		this.settings = settings;
		this.time = time;
		this.pausedUntil = time.nanoTime();
	}

	/**
	 * Return whether no delay keeps an index empty.
	 * @param index the worker index
	 * @return whether a worker may be started there now
	 */
	boolean isFree(int index) {
		Delay delay = this.delays.get(index);
		return isOver(this.pausedUntil) && (delay == null || isOver(delay.until));
	}

	private boolean isOver(long nanoTime) {
		return this.time.nanoTime() - nanoTime >= 0;
	}

	/**
	 * Leave an index empty after an unexpected exit.
	 * @param index the worker index
	 * @param ready how long the worker had been ready
	 * @return for how long the index stays empty
	 */
	Duration leaveEmpty(int index, Duration ready) {
		Duration delay = this.delays.computeIfAbsent(index, (i) -> new Delay(this.settings)).afterFailure(ready);
		this.delays.get(index).until = this.time.nanoTime() + delay.toNanos();
		return delay;
	}

	/**
	 * Leave all indexes empty for a moment, since a delay could not be determined: even
	 * then workers that die at once must not be started one after the other. Needs
	 * nothing that could fail.
	 */
	void pause() {
		this.pausedUntil = this.time.nanoTime() + PAUSE;
	}

	/**
	 * End all delays: the next ones begin anew.
	 */
	void reset() {
		this.delays.clear();
	}

	private static final class Delay {

		private final MasterSettings.Restart settings;

		private Duration next;

		private long until;

		Delay(MasterSettings.Restart settings) {
			this.settings = settings;
			this.next = settings.initialDelay();
		}

		Duration afterFailure(Duration ready) {
			if (ready.compareTo(this.settings.resetAfter()) >= 0) {
				this.next = this.settings.initialDelay();
			}
			Duration delay = min(this.next, this.settings.maxDelay());
			double grown = Math.min(delay.toNanos() * this.settings.multiplier(), this.settings.maxDelay().toNanos());
			this.next = Duration.ofNanos((long) grown);
			return delay;
		}

		private static Duration min(Duration a, Duration b) {
			return (a.compareTo(b) <= 0) ? a : b;
		}

	}

}
