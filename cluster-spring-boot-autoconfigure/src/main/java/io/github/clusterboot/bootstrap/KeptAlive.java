package io.github.clusterboot.bootstrap;

import java.util.concurrent.CountDownLatch;

/**
 * Keeps the JVM alive although the application was started by a daemon thread, as a web
 * server's threads would.
 */
final class KeptAlive implements AutoCloseable {

	private final CountDownLatch closed = new CountDownLatch(1);

	private KeptAlive() {
	}

	static KeptAlive whileInUse() {
		KeptAlive keptAlive = new KeptAlive();
		if (Thread.currentThread().isDaemon()) {
			Thread thread = new Thread(keptAlive::await, "cluster-keep-alive");
			thread.setDaemon(false);
			thread.start();
		}
		return keptAlive;
	}

	private void await() {
		try {
			this.closed.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.closed.countDown();
	}

}
