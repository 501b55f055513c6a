package io.github.clusterboot.archive;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fails to make the first threads, as if the system had no more of them. It fails when a
 * thread is made and not when it is started: executors start theirs by other ways than
 * {@link Thread#start()} from JDK 19 on.
 */
final class ThreadsThatFail {

	private ThreadsThatFail() {
	}

	/**
	 * Make a thread.
	 * @param task what it runs
	 * @param failing how many more cannot be made
	 * @return the thread
	 */
	static Thread make(Runnable task, AtomicInteger failing) {
		if (failing.getAndDecrement() > 0) {
			throw new OutOfMemoryError("unable to create native thread");
		}
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		return thread;
	}

}
