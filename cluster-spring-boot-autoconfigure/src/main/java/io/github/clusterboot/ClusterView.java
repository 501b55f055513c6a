package io.github.clusterboot;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The cluster at one moment, as its master sees it.
 *
 * @param state what the cluster is doing
 * @param master the master's process
 * @param generation the generation that new workers belong to
 * @param scheduling how connections are distributed
 * @param size how many workers there should be and how many are ready
 * @param listeners the listening sockets that the master owns
 * @param workers the workers whose process lives, oldest first
 * @param restarts how often workers have been replaced
 * @param lastRestart the newest rolling restart, or {@code null} before the first
 * @param limited why the cluster keeps to fewer workers than it would have, or
 * {@code null} if it does not
 * @since 0.1.0
 */
public record ClusterView(ClusterState state, Master master, int generation, Scheduling scheduling, Size size,
		List<Listener> listeners, List<Worker> workers, Restarts restarts, @Nullable LastRestart lastRestart,
		@Nullable Limited limited) {

	/**
	 * The master's process.
	 *
	 * @param pid the process id
	 * @param startTime when it became the master
	 */
	public record Master(long pid, Instant startTime) {

	}

	/**
	 * How many workers there are.
	 *
	 * @param target how many there should be
	 * @param ready how many accept traffic
	 */
	public record Size(int target, int ready) {

	}

	/**
	 * A listening socket that the master owns.
	 *
	 * @param name the name of the listener
	 * @param address the address that the application's server asked for
	 * @param port the port that is really listened on
	 * @param accepted how many connections the master has accepted
	 * @param waiting how many accepted connections no worker has taken yet
	 */
	public record Listener(String name, String address, int port, long accepted, long waiting) {

		/**
		 * The name of the listener of the application's server.
		 */
		public static final String SERVER = "server";

		/**
		 * The name of the listener of the management server, where it has a port of its
		 * own.
		 */
		public static final String MANAGEMENT = "management";

	}

	/**
	 * A worker's process.
	 *
	 * @param id see {@link WorkerIdentity#id()}
	 * @param index see {@link WorkerIdentity#index()}
	 * @param pid see {@link WorkerIdentity#pid()}
	 * @param generation see {@link WorkerIdentity#generation()}
	 * @param state where it is in its life
	 * @param startTime when its process was started
	 * @param readyTime when it was ready for the first time, or {@code null}
	 * @param connections the connections that it has taken
	 * @param requests the requests that it has begun
	 * @param memory its memory
	 * @param lastHeartbeat when it last showed that it runs, or {@code null}
	 */
	public record Worker(int id, int index, long pid, int generation, WorkerState state, Instant startTime,
			@Nullable Instant readyTime, Counts connections, Counts requests, Memory memory,
			@Nullable Instant lastHeartbeat) {

	}

	/**
	 * How many of something there are and have been.
	 *
	 * @param active how many there are now
	 * @param total how many there have been, the active ones included
	 */
	public record Counts(long active, long total) {

	}

	/**
	 * The memory of a process.
	 *
	 * @param resident the resident size in bytes
	 */
	public record Memory(long resident) {

	}

	/**
	 * How often workers have been replaced.
	 *
	 * @param total how many workers have ended and were to be replaced
	 * @param unexpected how many of them had not been asked to end
	 */
	public record Restarts(long total, long unexpected) {

	}

	/**
	 * The newest rolling restart.
	 *
	 * @param generation the generation of the workers that it starts
	 * @param state how far it has got
	 * @param startTime when it was begun
	 * @param endTime when it ended, or {@code null} while it runs
	 * @param cause why it was rolled back, with the exit code and the last words of the
	 * worker that failed last, or {@code null} if it was not
	 */
	public record LastRestart(int generation, RestartState state, Instant startTime, @Nullable Instant endTime,
			@Nullable String cause) {

	}

	/**
	 * Why the cluster keeps to fewer workers than it would have.
	 *
	 * @param to how many it keeps to
	 * @param because why, a clause
	 */
	public record Limited(int to, String because) {

	}

}
