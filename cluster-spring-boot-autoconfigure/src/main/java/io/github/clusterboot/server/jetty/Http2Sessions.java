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
 * Tells HTTP/2 clients to go away, as RFC 9113, section 6.8, has it: first with the
 * highest stream number there is, so that no request is lost that is on its way; when
 * such a request must have arrived, with the last one that is served. Streams that are
 * open are not touched. Jetty's own shutdown of a session would send both at once where
 * there is none.
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
	 * Tell those that have not been told yet, and close those whose client has been told
	 * twice and has no stream open. Has to be called again and again.
	 * @param connections the ends of all connections
	 */
	void goAway(Collection<ReleasableEndPoint> connections) {
		Map<HTTP2Session, ReleasableEndPoint> sessions = new HashMap<>();
		for (ReleasableEndPoint connection : connections) {
			// the server's settings come first
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
