package io.github.clusterboot.master.dispatch;

import java.time.Duration;
import java.util.List;

import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The worker with the fewest connections; of those that have about equally few the one
 * that has been sent the fewest recently.
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

	/**
	 * Which difference counts for nothing: if there are more workers than processors, it
	 * tells who has just had a processor, and not who is busy.
	 */
	static final int SLACK = 4;

	@Override
	public @Nullable Handover choose(List<Handover> handovers, FileDescriptor connection) {
		long usual = usual(handovers);
		double most = fewest(handovers, usual) + SLACK;
		Handover choice = null;
		double fewestSent = Double.MAX_VALUE;
		for (Handover handover : handovers) {
			if (handover.hasRoom() && load(handover, usual) <= most) {
				double sent = handover.recentlySent();
				if (sent < fewestSent) {
					choice = handover;
					fewestSent = sent;
				}
			}
		}
		return choice;
	}

	/**
	 * Return how many connections the least busy of the workers has that are not new.
	 */
	private static long usual(List<Handover> handovers) {
		long usual = Long.MAX_VALUE;
		for (Handover handover : handovers) {
			if (handover.isServed() && newness(handover) == 0) {
				usual = Math.min(usual, handover.connections());
			}
		}
		return (usual != Long.MAX_VALUE) ? usual : 0;
	}

	private static double fewest(List<Handover> handovers, long usual) {
		double fewest = Double.MAX_VALUE;
		for (Handover handover : handovers) {
			if (handover.hasRoom()) {
				fewest = Math.min(fewest, load(handover, usual));
			}
		}
		return fewest;
	}

	private static double load(Handover handover, long usual) {
		return handover.connections() + usual * newness(handover);
	}

	/**
	 * Return how new a worker is: 1 when it gets ready, 0 when it has been so for long.
	 */
	private static double newness(Handover handover) {
		double elapsed = (double) handover.receiver().sinceReady().toNanos() / RAMP.toNanos();
		return Math.max(0, 1 - elapsed);
	}

}
