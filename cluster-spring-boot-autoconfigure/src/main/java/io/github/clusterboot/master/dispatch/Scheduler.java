package io.github.clusterboot.master.dispatch;

import java.util.List;

import io.github.clusterboot.Scheduling;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the worker for a connection that the master holds. Used on the event loop only.
 */
@FunctionalInterface
interface Scheduler {

	/**
	 * Choose one of the handovers that have room.
	 * @param handovers the handovers of all workers at the listener, oldest worker first
	 * @param connection the connection
	 * @return the choice, or {@code null} if the connection has to wait
	 */
	@Nullable Handover choose(List<Handover> handovers, FileDescriptor connection);

	/**
	 * Return a new scheduler. If the workers accept themselves, the master holds only
	 * what they have not taken or have handed back, which it hands over in turn.
	 * @param scheduling the policy
	 * @return the scheduler
	 */
	static Scheduler of(Scheduling scheduling) {
		return switch (scheduling) {
			case ROUND_ROBIN, SHARED, REUSE_PORT -> new RoundRobinScheduler();
			case LEAST_CONNECTIONS -> new LeastConnectionsScheduler();
			case SOURCE_HASH -> new SourceHashScheduler();
		};
	}

}
