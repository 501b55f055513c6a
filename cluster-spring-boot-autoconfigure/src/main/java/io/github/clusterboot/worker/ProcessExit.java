package io.github.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Ends this process: in good order, but in time whatever the application does.
 * <p>
 * At the drain timeout the master kills the process, and says so. The process ends itself
 * only a little later, in case the master is stopped; or at the drain timeout if there is
 * no master any longer.
 */
final class ProcessExit {

	private static final Log logger = LogFactory.getLog(ProcessExit.class);

	/**
	 * 128 + the number of {@code SIGKILL}: nothing in the process has been shut down.
	 */
	private static final int EXIT_CODE_HALTED = 137;

	private static final Duration TIME_FOR_THE_MASTER = Duration.ofSeconds(1);

	private final Duration timeout;

	private final IntConsumer exit;

	private final IntConsumer halt;

	private final CountDownLatch begun = new CountDownLatch(1);

	private boolean linkEnded;

	private long deadline;

	/**
	 * Create an exit that has not begun.
	 * @param timeout the drain timeout
	 */
	ProcessExit(Duration timeout) {
		// the shutdown hooks close the application's context
		this(timeout, System::exit, Runtime.getRuntime()::halt);
	}

	ProcessExit(Duration timeout, IntConsumer exit, IntConsumer halt) {
		this.timeout = timeout;
		this.exit = exit;
		this.halt = halt;
	}

	/**
	 * Begin to end the process. Returns at once; further calls have no effect.
	 * @param cause the cause, for the log
	 * @param exitCode the process's exit code if it ends in time
	 * @param first what to do before the application is closed
	 */
	synchronized void begin(String cause, int exitCode, Runnable first) {
		if (this.begun.getCount() > 0) {
			this.begun.countDown();
			this.deadline = System.nanoTime() + timeToHalt().toNanos();
			try {
				startThreads(exitCode, first);
				logger.info(cause + ": draining this worker");
			}
			catch (OutOfMemoryError ex) {
				// no thread can be created, so the process cannot end in good order
				this.halt.accept(EXIT_CODE_HALTED);
			}
		}
	}

	private Duration timeToHalt() {
		return this.linkEnded ? this.timeout : this.timeout.plus(TIME_FOR_THE_MASTER);
	}

	private void startThreads(int exitCode, Runnable first) {
		Thread halt = new Thread(this::haltInTime, "cluster-halt");
		halt.setDaemon(true);
		halt.start();
		new Thread(() -> exit(exitCode, first), "cluster-exit").start();
	}

	private void exit(int exitCode, Runnable first) {
		try {
			first.run();
		}
		finally {
			this.exit.accept(exitCode);
		}
	}

	private void haltInTime() {
		try {
			awaitDeadline();
		}
		catch (InterruptedException ex) {
			// this thread is never interrupted; if it were, time is up
		}
		this.halt.accept(EXIT_CODE_HALTED);
	}

	private synchronized void awaitDeadline() throws InterruptedException {
		for (long rest = rest(); rest > 0; rest = rest()) {
			TimeUnit.NANOSECONDS.timedWait(this, rest);
		}
	}

	private long rest() {
		return this.deadline - System.nanoTime();
	}

	/**
	 * Note that the master is gone: it no longer ends this process in time, whether the
	 * process has begun to end or not.
	 */
	synchronized void linkEnded() {
		if (!this.linkEnded) {
			this.linkEnded = true;
			if (this.begun.getCount() == 0) {
				this.deadline = System.nanoTime() + Math.min(rest(), this.timeout.toNanos());
				notifyAll();
			}
		}
	}

	/**
	 * Wait until the process begins to end.
	 * @param time how long to wait at most
	 * @return whether it has begun
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean awaitBegin(Duration time) throws InterruptedException {
		return this.begun.await(time.toNanos(), TimeUnit.NANOSECONDS);
	}

}
