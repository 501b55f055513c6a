package io.github.clusterboot.bootstrap;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link MasterBackgroundPreinitializer}.
 */
class MasterBackgroundPreinitializerTests {

	@AfterEach
	void release() {
		MasterBackgroundPreinitializer.release();
	}

	@Test
	void loadWhenByFactoriesComesFirst() {
		List<BackgroundPreinitializer> preinitializers = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(BackgroundPreinitializer.class);
		assertThat(preinitializers).hasSizeGreaterThan(1);
		assertThat(preinitializers.get(0)).isInstanceOf(MasterBackgroundPreinitializer.class);
	}

	@Test
	void preinitializeWhenHeldWaitsForRelease() throws Exception {
		MasterBackgroundPreinitializer.hold();
		Thread thread = start();
		await().atMost(Duration.ofSeconds(10)).until(() -> thread.getState() == Thread.State.WAITING);
		MasterBackgroundPreinitializer.release();
		thread.join(10_000);
		assertThat(thread.isAlive()).isFalse();
	}

	@Test
	void preinitializeWhenReleasedReturns() throws Exception {
		MasterBackgroundPreinitializer.hold();
		MasterBackgroundPreinitializer.release();
		Thread thread = start();
		thread.join(10_000);
		assertThat(thread.isAlive()).isFalse();
	}

	private Thread start() {
		Thread thread = new Thread(() -> {
			try {
				new MasterBackgroundPreinitializer().preinitialize();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
