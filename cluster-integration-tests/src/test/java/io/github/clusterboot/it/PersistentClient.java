package io.github.clusterboot.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one request after the other, each over a new connection, until it is stopped.
 */
final class PersistentClient implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration PAUSE = Duration.ofMillis(50);

	private final HttpProbe probe;

	private final String target;

	private final CompletableFuture<List<HttpAnswer>> answers;

	private volatile boolean stopped;

	/**
	 * Begin to send requests.
	 * @param application where to
	 * @param target the request target
	 */
	PersistentClient(ClusterApplication application, String target) {
		this.probe = application.probe().within(PATIENCE);
		this.target = target;
		this.answers = HttpProbe.later(this::run);
	}

	private List<HttpAnswer> run() {
		List<HttpAnswer> result = new ArrayList<>();
		while (!this.stopped) {
			result.add(this.probe.get(this.target));
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		return result;
	}

	/**
	 * Stop, and return what came of all requests.
	 * @return the answers, the last one included
	 */
	List<HttpAnswer> stop() {
		this.stopped = true;
		return this.answers.join();
	}

	/**
	 * Stop, and return how long a request has taken.
	 * @return the longest time, also of requests that failed
	 */
	Duration longestWait() {
		return stop().stream().map(HttpAnswer::elapsed).max(Duration::compareTo).orElse(Duration.ZERO);
	}

	@Override
	public void close() {
		this.stopped = true;
	}

}
