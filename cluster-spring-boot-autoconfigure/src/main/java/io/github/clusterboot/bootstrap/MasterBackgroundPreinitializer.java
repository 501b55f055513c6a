package io.github.clusterboot.bootstrap;

import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.core.Ordered;

/**
 * Keeps Spring Boot's background thread from loading, in the master, what only an
 * application needs: the thread waits here, before the other pre-initialisers, until the
 * JVM ends.
 * <p>
 * The thread can be switched off altogether, but only before the role is known.
 */
final class MasterBackgroundPreinitializer implements BackgroundPreinitializer, Ordered {

	private static volatile @Nullable CountDownLatch held;

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void preinitialize() throws InterruptedException {
		CountDownLatch latch = held;
		if (latch != null) {
			latch.await();
		}
	}

	/**
	 * Hold the pre-initialisation. To be called before it begins.
	 */
	static void hold() {
		held = new CountDownLatch(1);
	}

	/**
	 * Release the pre-initialisation: a start that has failed waits for its end.
	 */
	static void release() {
		CountDownLatch latch = held;
		if (latch != null) {
			latch.countDown();
		}
	}

}
