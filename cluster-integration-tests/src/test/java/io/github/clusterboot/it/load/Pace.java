package io.github.clusterboot.it.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Says to the clients of a load when to send the next request, and when to end. Used by
 * several threads.
 */
final class Pace {

	private final long pauseMicros;

	private final long deadline;

	private final int maxRequests;

	private final AtomicInteger requests = new AtomicInteger();

	private final CountDownLatch stopped = new CountDownLatch(1);

	/**
	 * Create a pace.
	 * @param pause the mean time between a client's requests
	 * @param maxDuration when all end at the latest
	 * @param maxRequests after how many requests all end at the latest
	 */
	Pace(Duration pause, Duration maxDuration, int maxRequests) {
		this.pauseMicros = TimeUnit.NANOSECONDS.toMicros(pause.toNanos());
		this.deadline = System.nanoTime() + maxDuration.toNanos();
		this.maxRequests = maxRequests;
	}

	/**
	 * Wait until a client may send its next request.
	 * @return whether it is to send one
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean next() throws InterruptedException {
		// random, so that the clients do not march in step
		long pause = (this.pauseMicros > 0) ? ThreadLocalRandom.current().nextLong(2 * this.pauseMicros) : 0;
		return !this.stopped.await(pause, TimeUnit.MICROSECONDS) && System.nanoTime() < this.deadline
				&& this.requests.incrementAndGet() <= this.maxRequests;
	}

	/**
	 * Return how many requests have been begun.
	 * @return the number
	 */
	int requests() {
		return Math.min(this.requests.get(), this.maxRequests);
	}

	void stop() {
		this.stopped.countDown();
	}

}
