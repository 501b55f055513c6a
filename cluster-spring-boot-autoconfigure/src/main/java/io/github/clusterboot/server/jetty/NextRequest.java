package io.github.clusterboot.server.jetty;

import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.util.Callback;

/**
 * A connection's interest in reading its next request: who takes it, and nobody else,
 * goes on with the connection. Jetty's {@code FillInterest} lets one thread have its
 * callback, the one that reads or fails; here that thread has to be faster than one that
 * lets go of the connection.
 */
final class NextRequest implements Callback {

	private final Callback reader;

	private final AtomicBoolean taken = new AtomicBoolean();

	/**
	 * Create an interest that nobody has taken.
	 * @param reader what Jetty goes on with
	 */
	NextRequest(Callback reader) {
		this.reader = reader;
	}

	/**
	 * Take it.
	 * @return whether the caller has the connection from now on; Jetty does not read it
	 * any more, whatever its selector has still to tell
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
