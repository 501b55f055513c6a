package io.github.clusterboot.ipc;

import java.nio.ByteBuffer;

/**
 * Makes figures of a worker that are not shared.
 */
public final class TestSlot {

	private TestSlot() {
	}

	/**
	 * Return the figures of a worker that has published nothing.
	 * @return the figures, in memory of their own
	 */
	public static ScoreboardSlot create() {
		return new ScoreboardSlot(new SharedFigures(ByteBuffer.allocateDirect(ScoreboardSlot.SIZE)), 0);
	}

}
