package io.github.clusterboot.ipc;

import java.nio.ByteBuffer;

/**
 * Slots of a scoreboard without a file, for tests in which there is no other process.
 */
public final class InMemoryScoreboard {

	private InMemoryScoreboard() {
	}

	/**
	 * Return a slot that is shared with nobody.
	 * @return the slot, with all figures at 0
	 */
	public static ScoreboardSlot newSlot() {
		return new ScoreboardSlot(new SharedFigures(ByteBuffer.allocateDirect(ScoreboardSlot.SIZE)), 0);
	}

}
