package io.github.clusterboot.server.jetty;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Counts requests on the scoreboard: as begun when Jetty has read their head, and as
 * completed when their answer is complete, even if that is asynchronous.
 */
final class RequestCounter implements HttpConfiguration.Customizer {

	private final Runnable onBegin;

	private final Runnable onCompletion;

	/**
	 * Create a counter.
	 * @param onBegin counts a request that begins
	 * @param onCompletion counts a request that has been completed
	 */
	RequestCounter(Runnable onBegin, Runnable onCompletion) {
		this.onBegin = onBegin;
		this.onCompletion = onCompletion;
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		this.onBegin.run();
		Request.addCompletionListener(request, (failure) -> this.onCompletion.run());
		return request;
	}

}
