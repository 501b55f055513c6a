package io.github.clusterboot.ipc;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import io.github.clusterboot.Cluster;

/**
 * Figures that the workers publish and the master reads, in memory that they share, so
 * that neither a connection nor a request costs a message.
 * <p>
 * The file is mapped by every process of the cluster. All figures are 64 bits wide, in
 * the machine's byte order, and 8-byte aligned, so each is read and written as a whole
 * (see {@link MethodHandles#byteBufferViewVarHandle}).
 *
 * <pre>
 * offset   size
 *      0    512   header
 *               0   room wanted: not 0 while the master holds connections back
 *                   because no worker has room
 *    512    512   slot of worker index 0
 *               0   heartbeat: milliseconds since 1970 by the machine's clock
 *               8   resident memory in bytes
 *              16   requests begun
 *              24   requests completed
 *              64   connections taken,  one figure for each of 8 listeners
 *             128   connections closed, one figure for each of 8 listeners
 *             192   not 0 while the server waits for a connection to take,
 *                   one figure for each of 8 listeners
 *             256   connections that the worker has accepted by itself,
 *                   one figure for each of 8 listeners
 *   1024    512   slot of worker index 1
 *    ...
 * </pre>
 *
 * A slot is written by the worker that has the index, and cleared by the master before it
 * starts the next worker there. All methods may be called from any thread.
 */
public final class Scoreboard {

	/**
	 * How many listeners there can be.
	 */
	public static final int MAX_LISTENERS = 8;

	/**
	 * How often a worker shows that it runs.
	 */
	public static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(250);

	private static final VarHandle FIGURE = MethodHandles.byteBufferViewVarHandle(long[].class,
			ByteOrder.nativeOrder());

	private static final int SLOT_SIZE = 512;

	/**
	 * A replacement is ready before the worker that it replaces has ended, so there are
	 * more slots than workers.
	 */
	private static final int SLOTS = 2 * Cluster.MAX_WORKERS;

	private static final int ROOM_WANTED = 0;

	private static final int HEARTBEAT = 0;

	private static final int RESIDENT = 8;

	private static final int REQUESTS_BEGUN = 16;

	private static final int REQUESTS_COMPLETED = 24;

	private static final int CONNECTIONS_TAKEN = 64;

	private static final int CONNECTIONS_CLOSED = 128;

	private static final int TAKING = 192;

	private static final int CONNECTIONS_ACCEPTED = 256;

	private final ByteBuffer memory;

	private Scoreboard(ByteBuffer memory) {
		this.memory = memory;
	}

	/**
	 * Create the file and map it.
	 * @param file the file, which must not exist yet
	 * @return the scoreboard
	 * @throws IOException if the file cannot be created
	 */
	public static Scoreboard create(Path file) throws IOException {
		return map(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
	}

	/**
	 * Map the file that the master has created.
	 * @param file the file
	 * @return the scoreboard
	 * @throws IOException if the file cannot be opened
	 */
	public static Scoreboard open(Path file) throws IOException {
		return map(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private static Scoreboard map(Path file, StandardOpenOption... options) throws IOException {
		try (FileChannel channel = FileChannel.open(file, options)) {
			return new Scoreboard(channel.map(MapMode.READ_WRITE, 0, (long) SLOT_SIZE * (1 + SLOTS)));
		}
	}

	/**
	 * Say whether the master holds connections back because no worker has room.
	 * @param wanted whether a worker that takes a connection should tell the master
	 */
	public void wantRoom(boolean wanted) {
		FIGURE.setVolatile(this.memory, ROOM_WANTED, wanted ? 1L : 0L);
	}

	/**
	 * Return whether the master waits to be told that a worker has room.
	 * @return whether to tell it
	 */
	public boolean isRoomWanted() {
		return (long) FIGURE.getVolatile(this.memory, ROOM_WANTED) != 0;
	}

	/**
	 * Return the slot of a worker.
	 * @param index the worker's index
	 * @return the slot
	 */
	public Slot slot(int index) {
		return new Slot(index);
	}

	/**
	 * The figures of one worker.
	 */
	public final class Slot {

		private final int offset;

		private Slot(int index) {
			if (index < 0 || index >= SLOTS) {
				throw new IllegalArgumentException("'index' must be from 0 to " + (SLOTS - 1));
			}
			this.offset = SLOT_SIZE * (1 + index);
		}

		/**
		 * Set all figures to 0.
		 */
		public void clear() {
			for (int i = 0; i < SLOT_SIZE; i += Long.BYTES) {
				set(i, 0);
			}
		}

		/**
		 * Show that the worker runs.
		 * @param now milliseconds since 1970
		 * @param resident the process's resident memory in bytes
		 */
		public void beat(long now, long resident) {
			set(RESIDENT, resident);
			set(HEARTBEAT, now);
		}

		/**
		 * Return when the worker last showed that it runs.
		 * @return milliseconds since 1970, or 0 if it has not yet
		 */
		public long heartbeat() {
			return get(HEARTBEAT);
		}

		/**
		 * Return the process's resident memory at the last heartbeat.
		 * @return the size in bytes
		 */
		public long resident() {
			return get(RESIDENT);
		}

		/**
		 * Count a request that begins.
		 */
		public void requestBegun() {
			increment(REQUESTS_BEGUN);
		}

		/**
		 * Count a request that has been completed, well or not.
		 */
		public void requestCompleted() {
			increment(REQUESTS_COMPLETED);
		}

		/**
		 * Return how many requests have begun.
		 * @return the number
		 */
		public long requestsBegun() {
			return get(REQUESTS_BEGUN);
		}

		/**
		 * Return how many requests have been completed.
		 * @return the number
		 */
		public long requestsCompleted() {
			return get(REQUESTS_COMPLETED);
		}

		/**
		 * Count a connection that the worker has taken.
		 * @param listener the listener's ordinal
		 */
		public void connectionTaken(int listener) {
			increment(column(CONNECTIONS_TAKEN, listener));
		}

		/**
		 * Return how many connections the worker has taken.
		 * @param listener the listener's ordinal
		 * @return the number
		 */
		public long connectionsTaken(int listener) {
			return get(column(CONNECTIONS_TAKEN, listener));
		}

		/**
		 * Count a connection that the worker has accepted by itself.
		 * @param listener the listener's ordinal
		 */
		public void connectionAccepted(int listener) {
			increment(column(CONNECTIONS_ACCEPTED, listener));
		}

		/**
		 * Return how many connections the worker has accepted by itself.
		 * @param listener the listener's ordinal
		 * @return the number
		 */
		public long connectionsAccepted(int listener) {
			return get(column(CONNECTIONS_ACCEPTED, listener));
		}

		/**
		 * Return how many connections the worker has taken on all listeners, those that
		 * it has accepted by itself among them.
		 * @return the number
		 */
		public long connectionsTaken() {
			return sum(CONNECTIONS_TAKEN) + sum(CONNECTIONS_ACCEPTED);
		}

		/**
		 * Count a connection that has been closed.
		 * @param listener the listener's ordinal
		 */
		public void connectionClosed(int listener) {
			increment(column(CONNECTIONS_CLOSED, listener));
		}

		/**
		 * Return how many of the connections have been closed, on all listeners.
		 * @return the number
		 */
		public long connectionsClosed() {
			return sum(CONNECTIONS_CLOSED);
		}

		/**
		 * Say whether the server waits for a connection to take, and does not lack room
		 * for one.
		 * @param listener the listener's ordinal
		 * @param taking whether it waits
		 */
		public void taking(int listener, boolean taking) {
			set(column(TAKING, listener), taking ? 1 : 0);
		}

		/**
		 * Return whether the server waits for a connection to take.
		 * @param listener the listener's ordinal
		 * @return whether it waits
		 */
		public boolean isTaking(int listener) {
			return get(column(TAKING, listener)) != 0;
		}

		private long sum(int field) {
			long sum = 0;
			for (int listener = 0; listener < MAX_LISTENERS; listener++) {
				sum += get(column(field, listener));
			}
			return sum;
		}

		private int column(int field, int listener) {
			return field + Long.BYTES * listener;
		}

		private long get(int field) {
			return (long) FIGURE.getVolatile(Scoreboard.this.memory, this.offset + field);
		}

		private void set(int field, long value) {
			FIGURE.setVolatile(Scoreboard.this.memory, this.offset + field, value);
		}

		private void increment(int field) {
			FIGURE.getAndAdd(Scoreboard.this.memory, this.offset + field, 1L);
		}

	}

}
