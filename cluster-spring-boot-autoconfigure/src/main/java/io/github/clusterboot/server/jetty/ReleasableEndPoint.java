package io.github.clusterboot.server.jetty;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

import io.github.clusterboot.worker.ReceiveBuffer;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ConstantThrowable;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's end of a connection, which Jetty can be made to release while it waits for a
 * request: it then does everything that it does when it closes a connection, but the
 * socket stays open.
 * <p>
 * A plain HTTP/1 connection is idle once it has registered its interest in the next
 * bytes, with its parser at the start of a request and an empty buffer, until some thread
 * takes this {@linkplain NextRequest interest}. Other connections have a state that no
 * other process can go on with: TLS, HTTP/2, WebSocket and the PROXY protocol are read
 * from this end by something other than Jetty's HTTP/1.
 */
final class ReleasableEndPoint extends SocketChannelEndPoint {

	/**
	 * Jetty closes an end only once, for the first cause.
	 */
	private static final Throwable RELEASE = new ConstantThrowable("The connection is handed back");

	private final ManagedSelector selector;

	private final Consumer<SocketChannel> onClose;

	private volatile @Nullable NextRequest nextRequest;

	private volatile boolean released;

	/**
	 * Create an end.
	 * @param channel the connection's socket
	 * @param selector the selector that it is registered with
	 * @param key the registration
	 * @param scheduler for timeouts
	 * @param onClose called when the connection is closed or released
	 */
	ReleasableEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler,
			Consumer<SocketChannel> onClose) {
		super(channel, selector, key, scheduler);
		this.selector = selector;
		this.onClose = onClose;
	}

	/**
	 * The calling thread has read all bytes there were and stops reading: no thread reads
	 * from this connection until the callback is called. Interest in the rest of a
	 * request is registered by another method.
	 */
	@Override
	public void fillInterested(Callback callback) {
		NextRequest next = isBetweenRequests() ? new NextRequest(callback) : null;
		this.nextRequest = next;
		super.fillInterested((next != null) ? next : callback);
	}

	private boolean isBetweenRequests() {
		return getConnection() instanceof HttpConnection http && http.getEndPoint() == this
				&& http.getParser().isStart() && http.isRequestBufferEmpty();
	}

	/**
	 * Return whether this connection is plain and idle.
	 * @return whether it can be released at this moment
	 */
	boolean isReleasable() {
		NextRequest next = this.nextRequest;
		return next != null && !next.isTaken() && isOpen();
	}

	/**
	 * Make Jetty release the connection if it is idle. From then on Jetty does not read
	 * it, even if its selector reports more bytes.
	 * @return the connection's socket, owned by the caller, which its selector still has
	 * to deregister; or {@code null} if it is not idle, not plain, or closed
	 */
	@Nullable SocketChannel release() {
		NextRequest next = this.nextRequest;
		if (next == null || !next.take()) {
			return null;
		}
		close(RELEASE);
		return this.released ? getChannel() : null;
	}

	/**
	 * Close the connection if it is plain and idle and has nothing to be read.
	 * @param idleFor only if it has been idle for this long
	 */
	void closeIfIdle(Duration idleFor) {
		NextRequest next = this.nextRequest;
		if (next != null && !next.isTaken() && hasBeenIdle(idleFor) && next.take()) {
			close();
		}
	}

	/**
	 * Return whether nothing has been read or written for some time, and there is nothing
	 * to be read.
	 * @param time the time
	 * @return whether that is so
	 */
	boolean hasBeenIdle(Duration time) {
		return getIdleFor() >= time.toMillis() && !ReceiveBuffer.hasBytes(getChannel());
	}

	@Override
	public boolean isOpen() {
		return !this.released && super.isOpen();
	}

	/**
	 * Whether the socket is closed depends on the cause, which only {@link #onClose}
	 * knows. Jetty calls that next.
	 */
	@Override
	public void doClose() {
	}

	@Override
	public void onClose(@Nullable Throwable cause) {
		if (cause == RELEASE) {
			this.released = true;
			deregister();
		}
		else {
			IO.close(getChannel());
		}
		this.onClose.accept(getChannel());
		// this wakes the selector, which then removes cancelled keys
		super.onClose(cause);
	}

	private void deregister() {
		SelectionKey key = getChannel().keyFor(this.selector.getSelector());
		if (key != null) {
			key.cancel();
		}
	}

}
