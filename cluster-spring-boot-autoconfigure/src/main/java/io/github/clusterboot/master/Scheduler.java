package io.github.clusterboot.master;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Chooses where the next connection goes. Used on the event loop only.
 */
@FunctionalInterface
interface Scheduler {

	/**
	 * Choose one of the handovers that have room.
	 * @param handovers the handovers of all workers at the listener, oldest worker first
	 * @return the choice, or {@code null} if none has room
	 */
	@Nullable Handover choose(List<Handover> handovers);

}
