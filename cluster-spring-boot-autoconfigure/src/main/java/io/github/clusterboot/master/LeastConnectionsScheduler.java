package io.github.clusterboot.master;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The worker with the fewest connections; those that have equally few in turn.
 * <p>
 * A worker that has just been started has none, while others may have thousands. It is
 * not flooded: it counts as if it had as many as the others, less and less so until it
 * has been ready for a while, and so comes by its share at an even pace.
 */
final class LeastConnectionsScheduler implements Scheduler {

	/**
	 * How long a worker takes to come by its share.
	 */
	static final Duration RAMP = Duration.ofSeconds(10);

	private int turn;

	@Override
	public @Nullable Handover choose(List<Handover> handovers, FileDescriptor connection) {
		long usual = usual(handovers);
		int size = handovers.size();
		Handover choice = null;
		double fewest = Double.MAX_VALUE;
		int chosen = 0;
		for (int i = 0; i < size; i++) {
			int position = (this.turn + i) % size;
			Handover handover = handovers.get(position);
			if (handover.hasRoom() && load(handover, usual) < fewest) {
				choice = handover;
				fewest = load(handover, usual);
				chosen = position;
			}
		}
		if (choice != null) {
			this.turn = chosen + 1;
		}
		return choice;
	}

	/**
	 * Return how many connections the least busy of the workers has that are not new.
	 */
	private static long usual(List<Handover> handovers) {
		OptionalLong fewest = handovers.stream()
			.filter((handover) -> handover.isServed() && newness(handover) == 0)
			.mapToLong(Handover::connections)
			.min();
		return fewest.orElse(0);
	}

	private static double load(Handover handover, long usual) {
		return handover.connections() + usual * newness(handover);
	}

	/**
	 * Return how new a worker is: 1 when it gets ready, 0 when it has been so for long.
	 */
	private static double newness(Handover handover) {
		double elapsed = (double) handover.worker().timeSinceReady().toNanos() / RAMP.toNanos();
		return Math.max(0, 1 - elapsed);
	}

}
