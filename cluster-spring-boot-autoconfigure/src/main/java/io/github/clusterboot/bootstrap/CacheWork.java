package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Works on the entries of a cache, one job at a time, on a thread of its own. May be used
 * by several threads.
 */
final class CacheWork implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(CacheWork.class);

	private static final Duration TIME_TO_END = Duration.ofSeconds(2);

	private final ArchiveMaker maker;

	private @Nullable Thread thread;

	private boolean closed;

	CacheWork(ArchiveMaker maker) {
		this.maker = maker;
	}

	/**
	 * Start a job. If it fails, that is told, and noted in the entry.
	 * @param entry the entry to work on
	 * @param job the job
	 * @return {@code false} if there is another one, or this is closed
	 */
	synchronized boolean start(CacheEntry entry, Job job) {
		if (this.closed || this.thread != null) {
			return false;
		}
		Thread started = new Thread(() -> run(entry, job), "cluster-worker-cache");
		started.setDaemon(true);
		started.start();
		this.thread = started;
		return true;
	}

	private void run(CacheEntry entry, Job job) {
		try {
			job.run(this.maker);
		}
		catch (InterruptedException ex) {
			// the cluster stops
		}
		catch (IOException | RuntimeException ex) {
			failed(entry, ex);
		}
		finally {
			ended();
		}
	}

	private synchronized void failed(CacheEntry entry, Exception failure) {
		if (!this.closed) {
			logger.warn("Workers are started without an archive of classes: " + failure.getMessage());
			OpenEntries.fail(entry, String.valueOf(failure.getMessage()));
		}
	}

	private synchronized void ended() {
		this.thread = null;
	}

	/**
	 * Wait for the end of the job, if there is one.
	 * @param timeout the longest time to wait
	 */
	void await(Duration timeout) {
		Thread running = thread();
		if (running != null) {
			try {
				running.join(timeout.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private synchronized @Nullable Thread thread() {
		return this.thread;
	}

	/**
	 * End the job. What it has made stays.
	 */
	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
			this.maker.close();
			if (this.thread != null) {
				this.thread.interrupt();
			}
		}
		await(TIME_TO_END);
	}

	/**
	 * What is to be done.
	 */
	@FunctionalInterface
	interface Job {

		void run(ArchiveMaker maker) throws IOException, InterruptedException;

	}

}
