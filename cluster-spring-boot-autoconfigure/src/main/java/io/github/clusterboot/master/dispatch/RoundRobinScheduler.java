package io.github.clusterboot.master.dispatch;

import java.util.List;

import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The next in turn that has room.
 */
final class RoundRobinScheduler implements Scheduler {

	private int turn;

	@Override
	public @Nullable Handover choose(List<Handover> handovers, FileDescriptor connection) {
		int size = handovers.size();
		for (int i = 0; i < size; i++) {
			int position = (this.turn + i) % size;
			Handover handover = handovers.get(position);
			if (handover.hasRoom()) {
				this.turn = position + 1;
				return handover;
			}
		}
		return null;
	}

}
