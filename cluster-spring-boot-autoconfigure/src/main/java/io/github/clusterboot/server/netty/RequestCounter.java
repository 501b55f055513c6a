package io.github.clusterboot.server.netty;

import reactor.netty.Connection;

/**
 * Counts requests on the scoreboard: as begun when Reactor Netty has read their head, and
 * as completed when their answer is complete or the connection is broken.
 */
final class RequestCounter {

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

	/**
	 * Count a request.
	 * @param request the request, which Reactor Netty presents as a connection
	 */
	void count(Connection request) {
		this.onBegin.run();
		request.onTerminate().subscribe(null, (failure) -> this.onCompletion.run(), this.onCompletion);
	}

}
