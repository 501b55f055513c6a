package io.github.clusterboot.server.jetty;

import java.time.Duration;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Looks inside TLS connections.
 */
final class TlsConnections {

	private TlsConnections() {
	}

	/**
	 * Return the connection that reads requests, inside TLS or not.
	 * @param endPoint the end of the connection
	 * @return the connection
	 */
	static Connection unwrap(ReleasableEndPoint endPoint) {
		Connection connection = endPoint.getConnection();
		return (connection instanceof SslConnection tls) ? tls.getSslEndPoint().getConnection() : connection;
	}

	/**
	 * Close a TLS connection if it waits for an HTTP/1 request and has nothing to be
	 * read. A request that comes at the same moment is lost, as with any server that
	 * closes idle connections.
	 * @param endPoint the end of the connection
	 * @param idleFor only if it has been idle for this long
	 */
	static void closeIfIdle(ReleasableEndPoint endPoint, Duration idleFor) {
		Connection connection = endPoint.getConnection();
		if (connection instanceof SslConnection && unwrap(endPoint) instanceof HttpConnection http
				&& http.getParser().isStart() && http.isRequestBufferEmpty() && http.isFillInterested()
				&& endPoint.hasBeenIdle(idleFor)) {
			// with the closing message of TLS
			connection.close();
		}
	}

}
