package io.github.clusterboot.master;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The worker indexes as seats, each of which stays empty for a growing delay after an
 * unexpected exit there. Used on the event loop only.
 */
final class Seats {

	private static final long PAUSE = Duration.ofSeconds(1).toNanos();

	private final MasterSettings.Restart settings;

	private final Map<Integer, Seat> seats = new HashMap<>();

	private long pausedUntil = System.nanoTime();

	Seats(MasterSettings.Restart settings) {
		this.settings = settings;
	}

	/**
	 * Return whether no delay keeps a seat empty.
	 * @param index the worker index
	 * @return whether a worker may be started there now
	 */
	boolean isFree(int index) {
		Seat seat = this.seats.get(index);
		if (System.nanoTime() - this.pausedUntil < 0) {
			return false;
		}
		return seat == null || System.nanoTime() - seat.emptyUntil >= 0;
	}

	/**
	 * Leave a seat empty after an unexpected exit.
	 * @param index the worker index
	 * @param ready how long the worker had been ready
	 * @return for how long the seat stays empty
	 */
	Duration leaveEmpty(int index, Duration ready) {
		return this.seats.computeIfAbsent(index, (i) -> new Seat(new RestartDelay(this.settings))).leaveEmpty(ready);
	}

	/**
	 * Leave all seats empty for a moment, since a delay could not be determined: even
	 * then workers that die at once must not be started one after the other. Needs
	 * nothing that could fail.
	 */
	void pause() {
		this.pausedUntil = System.nanoTime() + PAUSE;
	}

	/**
	 * End all delays: the next ones begin anew.
	 */
	void free() {
		this.seats.clear();
	}

	private static final class Seat {

		private final RestartDelay delay;

		private long emptyUntil;

		Seat(RestartDelay delay) {
			this.delay = delay;
		}

		Duration leaveEmpty(Duration ready) {
			Duration delay = this.delay.afterFailure(ready);
			this.emptyUntil = System.nanoTime() + delay.toNanos();
			return delay;
		}

	}

}
