package io.github.clusterboot.master;

import java.time.Duration;

import io.github.clusterboot.ipc.ScoreboardSlot;

/**
 * Whether a worker gets on with the connections of one listener, and, where it has
 * stalled, whether it runs again. Used on the event loop only.
 */
final class Progress {

	/**
	 * What has waited for this long without the worker taking any is taken back.
	 */
	static final Duration PATIENCE = Duration.ofMillis(500);

	private final ScoreboardSlot slot;

	private final int listener;

	private long before;

	private long movedAt;

	private long heartbeatAtStall;

	private boolean stalled;

	/**
	 * Create the progress of a worker that has just begun.
	 * @param slot the worker's figures
	 * @param listener the listener's ordinal
	 */
	Progress(ScoreboardSlot slot, int listener) {
		this.slot = slot;
		this.listener = listener;
		this.before = made();
		this.movedAt = System.nanoTime();
	}

	private long made() {
		return this.slot.connectionsTaken(this.listener) + this.slot.connectionsAccepted(this.listener);
	}

	/**
	 * Begin to be patient: only now something waits for the worker.
	 * @param now the time by {@link System#nanoTime()}
	 */
	void begins(long now) {
		this.movedAt = now;
	}

	/**
	 * Look whether the worker has taken or accepted a connection since the last look.
	 * @return whether it has
	 */
	boolean isMade() {
		long made = made();
		boolean moved = made != this.before;
		this.before = made;
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
		if (!this.stalled && System.nanoTime() - this.movedAt >= PATIENCE.toNanos()) {
			this.stalled = true;
			this.heartbeatAtStall = this.slot.heartbeat();
			return true;
		}
		return false;
	}

	/**
	 * Look whether a worker that had stalled runs again and has room: its heart has
	 * beaten since, and its server waits for a connection.
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
