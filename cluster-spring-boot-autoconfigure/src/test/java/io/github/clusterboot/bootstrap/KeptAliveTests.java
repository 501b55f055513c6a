package io.github.clusterboot.bootstrap;

import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeptAlive}.
 */
@Timeout(30)
class KeptAliveTests {

	private static final Predicate<Thread> KEEPS_ALIVE = (thread) -> !thread.isDaemon()
			&& thread.getName().equals("cluster-keep-alive");

	@Test
	void whileInUseWhenCalledByDaemonThreadKeepsTheJvmAlive() throws InterruptedException {
		CountDownLatch inUse = new CountDownLatch(1);
		CountDownLatch enough = new CountDownLatch(1);
		Thread daemon = new Thread(() -> {
			try (KeptAlive keptAlive = KeptAlive.whileInUse()) {
				inUse.countDown();
				enough.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		daemon.setDaemon(true);
		daemon.start();
		inUse.await();
		Thread keeper = Thread.getAllStackTraces().keySet().stream().filter(KEEPS_ALIVE).findFirst().orElseThrow();
		enough.countDown();
		keeper.join();
		assertThat(keeper.isAlive()).isFalse();
	}

	@Test
	void whileInUseWhenCalledByAnyOtherThreadNeedsNoThread() {
		assertThat(Thread.currentThread().isDaemon()).isFalse();
		try (KeptAlive keptAlive = KeptAlive.whileInUse()) {
			assertThat(Thread.getAllStackTraces().keySet()).noneMatch(KEEPS_ALIVE);
		}
	}

}
