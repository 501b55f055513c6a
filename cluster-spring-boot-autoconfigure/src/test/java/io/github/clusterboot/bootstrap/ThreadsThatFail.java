package io.github.clusterboot.bootstrap;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes threads of which the first ones cannot be started, as when the system has no more
 * of them.
 */
final class ThreadsThatFail {

	private ThreadsThatFail() {
	}

	/**
	 * Make a thread.
	 * @param task what it runs
	 * @param failing how many more cannot be started
	 * @return the thread
	 */
	static Thread make(Runnable task, AtomicInteger failing) {
		Thread thread = new Thread(task) {

			@Override
			public void start() {
				if (failing.getAndDecrement() > 0) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				super.start();
			}

		};
		thread.setDaemon(true);
		return thread;
	}

}
