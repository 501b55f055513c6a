package io.github.clusterboot.archive;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.os.FileFailure;
import org.apache.commons.logging.Log;

/**
 * Works on the entries of a cache, one job after the other, on a thread of its own. May
 * be used by several threads.
 */
final class CacheWork implements AutoCloseable {

	private static final Log logger = MasterLog.of(CacheWork.class);

	static final String THREAD = "cluster-worker-cache";

	private static final String FAILURE = "Workers are started without an archive of classes: ";

	private static final Duration TIME_TO_END = Duration.ofSeconds(2);

	private final ArchiveMaker maker;

	private final ExecutorService thread;

	CacheWork(ArchiveMaker maker) {
		this(maker, DaemonThreads.named(THREAD));
	}

	CacheWork(ArchiveMaker maker, ThreadFactory threads) {
		this.maker = maker;
		this.thread = Executors.newSingleThreadExecutor(threads);
	}

	/**
	 * Do a job after those that have been begun.
	 * @param job the job
	 * @param onFailure notes that it has failed; a failure to do so is only logged
	 * @return whether it will be done; {@code false} if the cluster stops, or if no
	 * thread can be made
	 */
	boolean begin(Job job, FailureNote onFailure) {
		try {
			return execute(() -> run(job, onFailure));
		}
		catch (OutOfMemoryError ex) {
			Steps.take("log a failure", () -> logger.warn(FAILURE + ex));
			return false;
		}
	}

	/**
	 * Do a job that no worker depends on, if possible, after those that have been begun.
	 * @param job the job
	 */
	void beginFavour(Runnable job) {
		try {
			execute(() -> doFavour(job));
		}
		catch (OutOfMemoryError ex) {
			logger.debug("A job is not done", ex);
		}
	}

	private void doFavour(Runnable job) {
		try {
			job.run();
		}
		catch (RuntimeException | Error ex) {
			tell(() -> logger.debug("A job has failed", ex));
		}
	}

	/**
	 * Have the thread do something.
	 * @throws OutOfMemoryError which also says that no thread can be made
	 */
	private boolean execute(Runnable task) {
		try {
			this.thread.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			// the cluster stops
			return false;
		}
	}

	private void run(Job job, FailureNote onFailure) {
		try {
			job.run(this.maker);
		}
		catch (InterruptedException ex) {
			// the cluster stops
		}
		catch (IOException | RuntimeException | Error ex) {
			failed(ex, onFailure);
		}
	}

	private void failed(Throwable failure, FailureNote onFailure) {
		boolean told = tell(() -> {
			String description = FileFailure.describe(failure);
			Steps.take("log a failure", () -> logger.warn(FAILURE + description));
			Steps.take("note a failure", () -> note(onFailure, description));
		});
		if (!told) {
			tell(() -> logger.warn(FAILURE + failure.getClass().getName()));
		}
	}

	/**
	 * Tell of a failure, unless the cluster stops. That interrupts the thread, which then
	 * cannot load classes by Spring Boot's loader, since that reads the jar by a
	 * {@link java.nio.channels.FileChannel}: so any step may fail, and the JVM would
	 * print to the console what the thread ends with.
	 * @return whether that has not failed
	 */
	private boolean tell(Runnable step) {
		try {
			if (!this.thread.isShutdown()) {
				step.run();
			}
			return true;
		}
		catch (RuntimeException | Error ex) {
			return false;
		}
	}

	private static void note(FailureNote onFailure, String failure) {
		try {
			onFailure.write(failure);
		}
		catch (IOException ex) {
			logger.debug("It is not noted that " + failure, ex);
		}
	}

	/**
	 * Wait for the end of the jobs that have been begun.
	 * @param timeout the longest time to wait
	 */
	void await(Duration timeout) {
		try {
			this.thread.submit(() -> {
			}).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException | RejectedExecutionException | OutOfMemoryError ex) {
			// it goes on beside the cluster, or not at all
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * End the jobs, without waiting for their end.
	 */
	void end() {
		this.thread.shutdownNow();
		this.maker.close();
	}

	/**
	 * End the jobs. What they have made stays.
	 */
	@Override
	public void close() {
		end();
		try {
			this.thread.awaitTermination(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What is to be done.
	 */
	@FunctionalInterface
	interface Job {

		void run(ArchiveMaker maker) throws IOException, InterruptedException;

	}

	/**
	 * Writes down why a job has failed.
	 */
	@FunctionalInterface
	interface FailureNote {

		void write(String failure) throws IOException;

	}

}
