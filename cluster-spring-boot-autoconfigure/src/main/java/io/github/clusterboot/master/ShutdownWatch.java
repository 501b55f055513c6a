package io.github.clusterboot.master;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.process.WorkerProcess;
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

	private final ThreadFactory threads;

	private volatile Supplier<List<WorkerProcess>> workers = List::of;

	private volatile Runnable cleanUp = () -> {
	};

	private @Nullable Thread loop;

	private Runnable onLoopEnd = () -> {
	};

	private boolean armed;

	private long deadline;

	private int exitCode;

	ShutdownWatch(ThreadFactory threads) {
		this.threads = threads;
	}

	/**
	 * Begin to watch. Nothing happens before there is a deadline.
	 * @return the watch
	 */
	static ShutdownWatch start() {
		ShutdownWatch watch = new ShutdownWatch(ShutdownWatch::newThread);
		Thread thread = newThread(watch::run);
		thread.setName("cluster-shutdown-watch");
		thread.start();
		return watch;
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "cluster-clean-up");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Set what is to be killed.
	 * @param workers returns the workers' processes, and may be called by any thread
	 */
	void killed(Supplier<List<WorkerProcess>> workers) {
		this.workers = workers;
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
			Steps.take("say why the process ends", this::tell);
			Steps.take("kill the workers", this::killWorkers);
			Steps.take("delete the files", this::cleanUp);
			Steps.take("write the log", MasterLog::flush);
			Runtime.getRuntime().halt(code);
		}
		catch (InterruptedException ex) {
			// nothing interrupts this thread
			Thread.currentThread().interrupt();
		}
	}

	private void tell() {
		logger.error(this.workers.get().isEmpty() ? "The master's JVM has not ended in time and is halted"
				: "The cluster has not stopped in time: its processes are killed");
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
		this.workers.get().forEach((worker) -> Steps.take("kill " + worker, worker::kill));
	}

	/**
	 * Delete what is to be deleted, but do not wait long for it: a file system may not
	 * answer. That takes a thread; if none can be made, there is no limit.
	 * @throws InterruptedException if the wait is interrupted
	 */
	void cleanUp() throws InterruptedException {
		Thread thread = this.threads.newThread(this.cleanUp);
		if (Steps.take("delete the files in time", thread::start)) {
			thread.join(TIME_TO_CLEAN_UP.toMillis());
		}
		else {
			this.cleanUp.run();
		}
	}

}
