package io.github.clusterboot.master;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ShutdownWatch}.
 */
class ShutdownWatchTests {

	@Test
	void watchWhenTheThreadEndsTellsIt() throws InterruptedException {
		ShutdownWatch watch = ShutdownWatch.start();
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch told = new CountDownLatch(1);
		Thread loop = new Thread(() -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		loop.start();
		watch.watch(loop, told::countDown);
		assertThat(told.await(1500, TimeUnit.MILLISECONDS)).isFalse();
		end.countDown();
		assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void cleanUpWhenThereIsNoThreadForATimeOutDeletesTheFiles() throws InterruptedException {
		Thread thread = mock();
		willThrow(new OutOfMemoryError("unable to create native thread")).given(thread).start();
		ShutdownWatch watch = new ShutdownWatch((task) -> thread);
		AtomicBoolean deleted = new AtomicBoolean();
		watch.cleanUpBy(() -> deleted.set(true));
		watch.cleanUp();
		assertThat(deleted).isTrue();
	}

}
