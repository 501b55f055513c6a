package io.github.clusterboot.ipc;

/**
 * The figures of one worker on the {@link Scoreboard}.
 *
 * <pre>
 * offset
 *      0   heartbeat: milliseconds since 1970 by the machine's clock
 *      8   resident memory in bytes
 *     16   requests begun
 *     24   requests completed
 *     64   connections taken,  one figure for each of 8 listeners
 *    128   connections closed, one figure for each of 8 listeners
 *    192   not 0 while the server waits for a connection to take,
 *          one figure for each of 8 listeners
 *    256   connections that the worker itself has accepted,
 *          one figure for each of 8 listeners
 * </pre>
 *
 * A slot is written by the worker that has the index, and cleared by the master before it
 * starts the next worker there. All methods may be called from any thread.
 */
public final class ScoreboardSlot {

	static final int SIZE = 512;

	private static final int HEARTBEAT = 0;

	private static final int RESIDENT = 8;

	private static final int REQUESTS_BEGUN = 16;

	private static final int REQUESTS_COMPLETED = 24;

	private static final int CONNECTIONS_TAKEN = 64;

	private static final int CONNECTIONS_CLOSED = 128;

	private static final int TAKING = 192;

	private static final int CONNECTIONS_ACCEPTED = 256;

	private final SharedFigures figures;

	private final int offset;

	ScoreboardSlot(SharedFigures figures, int offset) {
		this.figures = figures;
		this.offset = offset;
	}

	/**
	 * Set all figures to 0.
	 */
	public void clear() {
		for (int i = 0; i < SIZE; i += Long.BYTES) {
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
	 * Return how many requests have begun and have not been completed.
	 * @return the number
	 */
	public long requestsActive() {
		// in this order: one that begins and is completed meanwhile must not hide another
		long completed = requestsCompleted();
		return Math.max(0, requestsBegun() - completed);
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
	 * Count a connection that the worker itself has accepted.
	 * @param listener the listener's ordinal
	 */
	public void connectionAccepted(int listener) {
		increment(column(CONNECTIONS_ACCEPTED, listener));
	}

	/**
	 * Return how many connections the worker itself has accepted.
	 * @param listener the listener's ordinal
	 * @return the number
	 */
	public long connectionsAccepted(int listener) {
		return get(column(CONNECTIONS_ACCEPTED, listener));
	}

	/**
	 * Return how many connections the worker has taken on all listeners, those that it
	 * itself has accepted among them.
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
	 * Return how many of the connections that the worker has taken are open, on all
	 * listeners.
	 * @return the number
	 */
	public long connectionsOpen() {
		// in this order: one that is taken and closed meanwhile must not hide another
		long closed = connectionsClosed();
		return Math.max(0, connectionsTaken() - closed);
	}

	/**
	 * Say whether the server waits for a connection to take, and does not lack room for
	 * one.
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
		for (int listener = 0; listener < Scoreboard.MAX_LISTENERS; listener++) {
			sum += get(column(field, listener));
		}
		return sum;
	}

	private int column(int field, int listener) {
		return field + Long.BYTES * listener;
	}

	private long get(int field) {
		return this.figures.get(this.offset + field);
	}

	private void set(int field, long value) {
		this.figures.set(this.offset + field, value);
	}

	private void increment(int field) {
		this.figures.increment(this.offset + field);
	}

}
