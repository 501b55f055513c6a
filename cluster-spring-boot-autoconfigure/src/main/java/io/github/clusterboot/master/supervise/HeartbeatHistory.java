package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.ipc.ScoreboardSlot;

/**
 * The heartbeats of a worker, as the master sees them. Used on the event loop only.
 */
final class HeartbeatHistory {

	private final ScoreboardSlot slot;

	private long lastBeat;

	private Duration silence = Duration.ZERO;

	HeartbeatHistory(ScoreboardSlot slot) {
		this.slot = slot;
	}

	/**
	 * Look for a heartbeat. A worker that has sent none yet is not silent.
	 * @param elapsed how long the master has watched since the last call
	 * @return for how long there has been no beat
	 */
	Duration silence(Duration elapsed) {
		long beat = this.slot.heartbeat();
		this.silence = (beat != this.lastBeat || beat == 0) ? Duration.ZERO : this.silence.plus(elapsed);
		this.lastBeat = beat;
		return this.silence;
	}

}
