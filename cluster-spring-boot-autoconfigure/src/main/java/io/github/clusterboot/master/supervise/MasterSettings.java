package io.github.clusterboot.master.supervise;

import java.time.Duration;

import io.github.clusterboot.Scheduling;

/**
 * The settings of the master, checked by their creator.
 *
 * @param size how many workers there are, and how many are started at a time
 * @param scheduling how the workers come by their connections
 * @param backlog the backlog of the listening sockets
 * @param startTimeout from a worker's spawn to ready
 * @param drainTimeout from a worker's drain to its exit
 * @param heartbeatTimeout a worker silent for this long is hung
 * @param shutdownTimeout the master's whole stop
 * @param restart the delays between a worker's unexpected exit and its replacement
 * @param recycling the limits at which a worker is replaced
 */
public record MasterSettings(Size size, Scheduling scheduling, int backlog, Duration startTimeout,
		Duration drainTimeout, Duration heartbeatTimeout, Duration shutdownTimeout, Restart restart,
		Recycling recycling) {

	/**
	 * Less would take a worker for hung that is only short of processor time.
	 */
	public static final Duration SHORTEST_HEARTBEAT_TIMEOUT = Duration.ofSeconds(2);

	public MasterSettings scheduledBy(Scheduling scheduling) {
		return new MasterSettings(this.size, scheduling, this.backlog, this.startTimeout, this.drainTimeout,
				this.heartbeatTimeout, this.shutdownTimeout, this.restart, this.recycling);
	}

	/**
	 * How many workers there are, and how many are started at a time.
	 *
	 * @param workers the target number of workers, at least 1
	 * @param chosen whether a user has chosen that number; otherwise it is that of the
	 * processors
	 * @param firstAlone whether the first worker is started alone, and the others when it
	 * has been ready
	 * @param concurrentStarts how many workers may be starting at a time, at least 1
	 */
	public record Size(int workers, boolean chosen, boolean firstAlone, int concurrentStarts) {

	}

	/**
	 * The delays between a worker's unexpected exit and its replacement.
	 *
	 * @param initialDelay the first delay
	 * @param multiplier the growth of the delay for each further failure, at least 1
	 * @param maxDelay the ceiling of the delay
	 * @param resetAfter the time ready after which the delay starts again
	 */
	public record Restart(Duration initialDelay, double multiplier, Duration maxDelay, Duration resetAfter) {

	}

	/**
	 * The limits at which a worker is replaced. Zero is no limit.
	 *
	 * @param maxRequests how many requests it may begin, ± 10 %
	 * @param maxLifetime how old it may become, ± 10 %
	 * @param maxMemory how large its resident memory may be, in bytes
	 */
	public record Recycling(long maxRequests, Duration maxLifetime, long maxMemory) {

		/**
		 * No limit.
		 */
		public static final Recycling NONE = new Recycling(0, Duration.ZERO, 0);

	}

}
