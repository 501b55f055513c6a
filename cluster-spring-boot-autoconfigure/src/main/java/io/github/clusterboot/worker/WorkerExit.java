package io.github.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Ends this process: in good order, but within the drain time-out whatever the
 * application does.
 */
final class WorkerExit {

	private static final Log logger = LogFactory.getLog(WorkerExit.class);

	/**
	 * 128 + the number of {@code SIGKILL}: nothing in the process was asked.
	 */
	private static final int EXIT_CODE_HALTED = 137;

	private final Duration timeout;

	private final AtomicBoolean begun = new AtomicBoolean();

	WorkerExit(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Begin to end the process. Returns at once; further calls have no effect.
	 * @param cause why, in words
	 * @param exitCode the process's exit code if it ends in time
	 * @param first what to do before the application is closed
	 */
	void begin(String cause, int exitCode, Runnable first) {
		if (this.begun.compareAndSet(false, true)) {
			try {
				startThreads(exitCode, first);
				logger.info(cause + ": this worker finishes what it holds and ends");
			}
			catch (OutOfMemoryError ex) {
				// no thread can be made, and so there is no good order either
				Runtime.getRuntime().halt(EXIT_CODE_HALTED);
			}
		}
	}

	private void startThreads(int exitCode, Runnable first) {
		Thread halt = new Thread(this::haltInTime, "cluster-halt");
		halt.setDaemon(true);
		halt.start();
		new Thread(() -> exit(exitCode, first), "cluster-exit").start();
	}

	private static void exit(int exitCode, Runnable first) {
		try {
			first.run();
		}
		finally {
			// the shutdown hooks close the application's context
			System.exit(exitCode);
		}
	}

	private void haltInTime() {
		try {
			Thread.sleep(this.timeout.toMillis());
		}
		catch (InterruptedException ex) {
			// nobody interrupts this thread; were it so, time is up
		}
		Runtime.getRuntime().halt(EXIT_CODE_HALTED);
	}

}
