package io.github.clusterboot.master;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link KillWorkersHook}.
 */
@Timeout(20)
class KillWorkersHookTests {

	private final CountDownLatch answer = new CountDownLatch(1);

	private final AtomicBoolean deleted = new AtomicBoolean();

	@Test
	void runDeletesTheFiles() {
		KillWorkersHook.run(watch(this::delete));
		assertThat(this.deleted).isTrue();
	}

	@Test
	void runWhenTheFileSystemDoesNotAnswerEndsInTime() {
		KillWorkersHook.run(watch(this::deleteAfterTheAnswer));
		assertThat(this.deleted).isFalse();
		this.answer.countDown();
	}

	@Test
	void runWhenTheFilesCannotBeDeletedEnds() throws InterruptedException {
		ShutdownWatch watch = mock();
		willThrow(new OutOfMemoryError("Java heap space")).given(watch).cleanUp();
		KillWorkersHook.run(watch);
		then(watch).should().killWorkers();
	}

	private static ShutdownWatch watch(Runnable cleanUp) {
		ShutdownWatch watch = ShutdownWatch.start();
		watch.cleanUpBy(cleanUp);
		return watch;
	}

	private void delete() {
		this.deleted.set(true);
	}

	private void deleteAfterTheAnswer() {
		try {
			this.answer.await();
			delete();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
