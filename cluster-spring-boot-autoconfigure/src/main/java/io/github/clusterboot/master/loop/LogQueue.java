package io.github.clusterboot.master.loop;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The lines that the master has to log, on their way to the logging system.
 * <p>
 * Writing a log line may block indefinitely: standard output is a pipe whose reader does
 * not read, a terminal after Ctrl-S, a file on a network file system. So a dedicated
 * thread writes them. Lines that do not fit are dropped and counted, and the number is
 * logged as soon as the queue has run dry.
 * <p>
 * All methods may be called from any thread.
 */
public final class LogQueue {

	/**
	 * How many lines may wait.
	 */
	static final int CAPACITY = 1000;

	private static final LogQueue SHARED = new LogQueue(CAPACITY, LogQueue::logDropped);

	private final BlockingQueue<Runnable> lines;

	private final LongConsumer onDropped;

	private final AtomicLong dropped = new AtomicLong();

	private @Nullable Thread thread;

	LogQueue(int capacity, LongConsumer onDropped) {
		this.lines = new ArrayBlockingQueue<>(capacity);
		this.onDropped = onDropped;
	}

	/**
	 * Return the queue of this JVM.
	 * @return the queue
	 */
	public static LogQueue shared() {
		return SHARED;
	}

	private static void logDropped(long count) {
		MasterLog.directly(LogQueue.class)
			.warn(count + ((count == 1) ? " line" : " lines")
					+ " of the master's log had to be dropped: the lines before were not read in time");
	}

	/**
	 * Have a line written, or drop it if there is no room. Does not block.
	 * @param line writes the line, on the queue's thread
	 */
	public void add(Runnable line) {
		if (!this.lines.offer(line)) {
			this.dropped.incrementAndGet();
		}
		start();
	}

	private synchronized void start() {
		if (this.thread == null) {
			Thread thread = new Thread(this::writeAll, "cluster-log");
			thread.setDaemon(true);
			try {
				thread.start();
				this.thread = thread;
			}
			catch (OutOfMemoryError ex) {
				// no thread can be made now: the next line tries again
			}
		}
	}

	private void writeAll() {
		try {
			while (true) {
				write(this.lines.take());
				if (this.lines.isEmpty()) {
					reportDropped();
				}
			}
		}
		catch (InterruptedException ex) {
			// this thread is never interrupted
			Thread.currentThread().interrupt();
		}
	}

	private void reportDropped() {
		long count = this.dropped.getAndSet(0);
		if (count > 0) {
			write(() -> this.onDropped.accept(count));
		}
	}

	private static void write(Runnable line) {
		try {
			line.run();
		}
		catch (RuntimeException | Error ex) {
			// there is nowhere else to report it, and the next line may work
		}
	}

	/**
	 * Wait until the lines that have been added so far are written, but not for ever.
	 * @param timeout how long to wait at most
	 * @return whether they are written
	 */
	public boolean flush(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		CountDownLatch written = new CountDownLatch(1);
		try {
			return this.lines.offer(written::countDown, timeout.toNanos(), TimeUnit.NANOSECONDS)
					&& written.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
