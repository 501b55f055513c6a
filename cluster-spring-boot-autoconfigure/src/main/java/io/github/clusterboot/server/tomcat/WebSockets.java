package io.github.clusterboot.server.tomcat;

import org.apache.catalina.Context;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.apache.tomcat.websocket.server.Constants;

import org.springframework.util.ClassUtils;

/**
 * The WebSocket connections of a server. Tomcat would send their close frames when the
 * context stops, but Spring Boot's graceful shutdown comes earlier and breaks them.
 */
final class WebSockets {

	private static final boolean PRESENT = ClassUtils.isPresent("org.apache.tomcat.websocket.WsWebSocketContainer",
			WebSockets.class.getClassLoader());

	private WebSockets() {
	}

	/**
	 * Send each client a close frame with the status 1001.
	 * @param context the context, which is about to stop
	 */
	static void goAway(Context context) {
		if (PRESENT) {
			Sessions.goAway(context);
		}
	}

	/**
	 * A separate class, since Tomcat's classes may be missing.
	 */
	private static final class Sessions {

		static void goAway(Context context) {
			if (context.getServletContext()
				.getAttribute(
						Constants.SERVER_CONTAINER_SERVLET_CONTEXT_ATTRIBUTE) instanceof WsWebSocketContainer container) {
				container.destroy();
			}
		}

	}

}
