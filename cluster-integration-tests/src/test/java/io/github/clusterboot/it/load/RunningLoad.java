package io.github.clusterboot.it.load;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A load that an application is under. To be used by one thread.
 */
public final class RunningLoad implements AutoCloseable {

	private final Instant start = Instant.now();

	private final Pace pace;

	private final ExecutorService threads;

	private final List<Future<LoadClient.Log>> logs;

	private final @Nullable Path records;

	RunningLoad(Pace pace, ExecutorService threads, List<Future<LoadClient.Log>> logs, @Nullable Path records) {
		this.pace = pace;
		this.threads = threads;
		this.logs = logs;
		this.records = records;
	}

	/**
	 * Return how many requests have been begun so far.
	 * @return the number
	 */
	public int requests() {
		return this.pace.requests();
	}

	/**
	 * Wait for further requests.
	 * @param count how many are to begin from now on
	 */
	public void awaitFurther(int count) {
		awaitTotal(requests() + count);
	}

	/**
	 * Wait for requests.
	 * @param total how many are to have been begun since the start
	 */
	public void awaitTotal(int total) {
		Awaitility.await(total + " requests")
			.atMost(Duration.ofMinutes(5))
			.failFast("the clients have ended", () -> this.threads.isTerminated() && requests() < total)
			.until(() -> requests() >= total);
	}

	/**
	 * Let each client end its request and count.
	 * @return what has become of the requests
	 */
	public LoadResult stop() {
		this.pace.stop();
		List<LoadClient.Log> ended = new ArrayList<>();
		for (Future<LoadClient.Log> log : this.logs) {
			try {
				ended.add(log.get());
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException("A client could not go on", ex.getCause());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}
		Duration elapsed = Duration.between(this.start, Instant.now());
		return LoadResult.of(ended, (this.records != null) ? RequestRecords.in(this.records) : null, elapsed);
	}

	/**
	 * End the clients at once, also where the test has failed and nobody wants to know.
	 */
	@Override
	public void close() {
		this.pace.stop();
		this.threads.shutdownNow();
	}

}
