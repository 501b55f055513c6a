package io.github.clusterboot.master.dispatch;

import java.time.Duration;

import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.loop.TimeSource;

/**
 * Finds out whether a worker gets on with the connections of one listener and, if it has
 * stalled, whether it runs again. Used on the event loop only.
 */
public final class StallDetector {

	/**
	 * What has waited for this long without the worker taking any is taken back.
	 */
	public static final Duration PATIENCE = Duration.ofMillis(500);

	private final TimeSource time;

	private final ScoreboardSlot slot;

	private final int listener;

	private long before;

	private long movedAt;

	private long heartbeatAtStall;

	private boolean stalled;

	/**
	 * Create the detector for a worker that has just begun.
	 * @param time the time
	 * @param slot the worker's figures
	 * @param listener the listener's ordinal
	 */
	StallDetector(TimeSource time, ScoreboardSlot slot, int listener) {
		this.time = time;
		this.slot = slot;
		this.listener = listener;
		this.before = taken();
		this.movedAt = time.nanoTime();
	}

	private long taken() {
		return this.slot.connectionsTaken(this.listener) + this.slot.connectionsAccepted(this.listener);
	}

	/**
	 * Begin to be patient: only now something waits for the worker.
	 */
	void begin() {
		this.movedAt = this.time.nanoTime();
	}

	/**
	 * Look whether the worker has taken or accepted a connection since the last look.
	 * @return whether it has
	 */
	boolean hasMoved() {
		long taken = taken();
		boolean moved = taken != this.before;
		this.before = taken;
		return moved;
	}

	boolean isStalled() {
		return this.stalled;
	}

	/**
	 * Look whether patience with a worker that makes no progress has come to its end.
	 * @return whether it has just done so
	 */
	boolean isStalling() {
		if (!this.stalled && this.time.since(this.movedAt).compareTo(PATIENCE) >= 0) {
			this.stalled = true;
			this.heartbeatAtStall = this.slot.heartbeat();
			return true;
		}
		return false;
	}

	/**
	 * Look whether a worker that had stalled runs again and has room: it has sent a
	 * heartbeat since, and its server waits for a connection.
	 * @return whether it has just recovered
	 */
	boolean isRecovering() {
		if (this.stalled && this.slot.heartbeat() != this.heartbeatAtStall && this.slot.isTaking(this.listener)) {
			this.stalled = false;
			return true;
		}
		return false;
	}

}
