package io.github.clusterboot.server.jetty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.Container;
import org.eclipse.jetty.util.component.Graceful;

/**
 * The WebSocket connections of a server. Jetty makes their sessions send a close frame
 * during its own graceful shutdown, for which Spring Boot leaves no time. It then stops
 * the connectors first, so clients would see their connections break.
 */
final class WebSockets {

	private static final Log logger = LogFactory.getLog(WebSockets.class);

	/**
	 * A client that does not read must not delay the stop.
	 */
	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private WebSockets() {
	}

	/**
	 * Send each client a close frame with the status 1001. Blocks until that is done, for
	 * at most a second.
	 * @param server the server
	 */
	static void goAway(Server server) {
		if (server.getHandler() instanceof Container handler) {
			await(CompletableFuture.allOf(handler.getContainedBeans(Graceful.class)
				.stream()
				.filter((graceful) -> !(graceful instanceof Handler))
				.map(Graceful::shutdown)
				.toArray(CompletableFuture<?>[]::new)));
		}
	}

	private static void await(CompletableFuture<Void> shutdown) {
		try {
			shutdown.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Not every WebSocket client was told that the server stops", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
