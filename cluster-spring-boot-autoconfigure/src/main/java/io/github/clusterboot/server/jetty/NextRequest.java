package io.github.clusterboot.server.jetty;

import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.util.Callback;

/**
 * A connection's interest in reading its next request. Only the thread that takes it goes
 * on with the connection. Jetty's {@code FillInterest} gives its callback to one thread,
 * which reads or fails; here that thread competes with one that releases the connection.
 */
final class NextRequest implements Callback {

	private final Callback reader;

	private final AtomicBoolean taken = new AtomicBoolean();

	/**
	 * Create an interest that has not been taken.
	 * @param reader the callback with which Jetty goes on
	 */
	NextRequest(Callback reader) {
		this.reader = reader;
	}

	/**
	 * Take the interest.
	 * @return whether the caller has the connection from now on; Jetty no longer reads
	 * it, even if its selector reports more bytes
	 */
	boolean take() {
		return this.taken.compareAndSet(false, true);
	}

	boolean isTaken() {
		return this.taken.get();
	}

	@Override
	public void succeeded() {
		if (take()) {
			this.reader.succeeded();
		}
	}

	@Override
	public void failed(Throwable cause) {
		if (take()) {
			this.reader.failed(cause);
		}
	}

	@Override
	public InvocationType getInvocationType() {
		return this.reader.getInvocationType();
	}

}
