package io.github.clusterboot.server.jetty;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.util.Callback;

/**
 * Tells HTTP/2 clients to go away, as RFC 9113, section 6.8, recommends: first with the
 * highest possible stream number, so that no request on its way is lost; then, when such
 * a request must have arrived, with the last one that is served. Open streams are not
 * touched. Jetty's own shutdown of a session would send both at once if there are none.
 * <p>
 * Used by one thread.
 */
final class Http2Sessions {

	/**
	 * Longer than a packet takes to the client and back.
	 */
	private static final Duration ROUND_TRIP = Duration.ofSeconds(1);

	private final Map<HTTP2Session, Long> toldAt = new HashMap<>();

	/**
	 * Tell the clients that have not been told yet, and close the connections of those
	 * that have been told twice and have no open stream. Has to be called repeatedly.
	 * @param connections the ends of all connections
	 */
	void goAway(Collection<ReleasableEndPoint> connections) {
		Map<HTTP2Session, ReleasableEndPoint> sessions = new HashMap<>();
		for (ReleasableEndPoint connection : connections) {
			// the server's settings have to be sent first
			if (TlsConnections.unwrap(connection) instanceof HTTP2Connection http2
					&& http2.getSession().getBytesWritten() > 0) {
				sessions.put(http2.getSession(), connection);
			}
		}
		this.toldAt.keySet().retainAll(sessions.keySet());
		sessions.forEach(this::goAway);
	}

	private void goAway(HTTP2Session session, ReleasableEndPoint connection) {
		Long toldAt = this.toldAt.putIfAbsent(session, System.nanoTime());
		if (toldAt == null) {
			session.frames(null, List.of(GoAwayFrame.GRACEFUL), Callback.NOOP);
			return;
		}
		Duration since = Duration.ofNanos(System.nanoTime() - toldAt);
		if (since.compareTo(ROUND_TRIP) >= 0) {
			session.shutdown();
		}
		if (since.compareTo(ROUND_TRIP.multipliedBy(2)) >= 0 && session.getStreams().isEmpty()
				&& connection.hasBeenIdle(ROUND_TRIP)) {
			connection.close();
		}
	}

}
