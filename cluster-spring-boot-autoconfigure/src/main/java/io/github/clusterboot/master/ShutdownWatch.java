package io.github.clusterboot.master;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Ends this process in time whatever its event loop does: kills the workers, deletes the
 * files of the master and halts the JVM. Its thread is there from the beginning, when it
 * can still be made.
 * <p>
 * All methods may be called from any thread.
 */
final class ShutdownWatch {

	private static final Log logger = MasterLog.of(ShutdownWatch.class);

	/**
	 * A file system that does not answer must not hold up the end.
	 */
	private static final Duration TIME_TO_CLEAN_UP = Duration.ofSeconds(2);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final Workers workers;

	private volatile Runnable cleanUp = () -> {
	};

	private @Nullable Thread loop;

	private Runnable onLoopEnd = () -> {
	};

	private boolean armed;

	private long deadline;

	private int exitCode;

	private ShutdownWatch(Workers workers) {
		this.workers = workers;
	}

	/**
	 * Begin to watch. Nothing happens before there is a deadline.
	 * @param workers the workers that are killed
	 * @return the watch
	 */
	static ShutdownWatch start(Workers workers) {
		ShutdownWatch watch = new ShutdownWatch(workers);
		Thread thread = new Thread(watch::run, "cluster-shutdown-watch");
		thread.setDaemon(true);
		thread.start();
		return watch;
	}

	/**
	 * Set what is to be deleted.
	 * @param cleanUp deletes it, and may be called again
	 */
	void cleanUpBy(Runnable cleanUp) {
		this.cleanUp = cleanUp;
	}

	/**
	 * Look each second whether the event loop's thread lives. Netty's own notification
	 * may need a class that can no longer be loaded, since its jar was overwritten.
	 * @param loop the thread
	 * @param onEnd what to do if it does not; must arrange for a deadline
	 */
	synchronized void watch(Thread loop, Runnable onEnd) {
		this.loop = loop;
		this.onLoopEnd = onEnd;
		notifyAll();
	}

	/**
	 * Set a deadline. Of several the earliest holds.
	 * @param time the time from now in which the process has to end
	 * @param exitCode the exit code if it has not ended by then
	 */
	synchronized void endWithin(Duration time, int exitCode) {
		long deadline = System.nanoTime() + time.toNanos();
		if (!this.armed || deadline - this.deadline < 0) {
			this.armed = true;
			this.deadline = deadline;
			this.exitCode = exitCode;
			notifyAll();
		}
	}

	private void run() {
		try {
			int code = awaitDeadline();
			logger.error(this.workers.all().isEmpty() ? "The master's JVM has not ended in time and is halted"
					: "The cluster has not stopped in time: its processes are killed");
			Steps.take("kill the workers", this::killWorkers);
			Steps.take("delete the files", this::cleanUp);
			Steps.take("write the log", MasterLog::flush);
			Runtime.getRuntime().halt(code);
		}
		catch (InterruptedException ex) {
			// nobody interrupts this thread
			Thread.currentThread().interrupt();
		}
	}

	private synchronized int awaitDeadline() throws InterruptedException {
		while (!this.armed || rest() > 0) {
			lookAtLoop();
			TimeUnit.NANOSECONDS.timedWait(this,
					this.armed ? Math.min(rest(), INTERVAL.toNanos()) : INTERVAL.toNanos());
		}
		return this.exitCode;
	}

	private void lookAtLoop() {
		if (this.loop != null && !this.loop.isAlive()) {
			this.loop = null;
			Steps.take("end since the event loop has ended", this.onLoopEnd::run);
		}
	}

	private long rest() {
		return this.deadline - System.nanoTime();
	}

	/**
	 * Kill all workers, without a word to the event loop, which may not run.
	 */
	void killWorkers() {
		this.workers.all().forEach((worker) -> Steps.take("kill " + worker, worker.process()::kill));
	}

	/**
	 * Delete what is to be deleted, but do not wait long for it.
	 * @throws InterruptedException if the wait is interrupted
	 */
	void cleanUp() throws InterruptedException {
		Thread thread = new Thread(this.cleanUp, "cluster-clean-up");
		thread.setDaemon(true);
		thread.start();
		thread.join(TIME_TO_CLEAN_UP.toMillis());
	}

}
