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
 * Tests for {@link LastResort}.
 */
@Timeout(20)
class LastResortTests {

	private final CountDownLatch answer = new CountDownLatch(1);

	private final AtomicBoolean deleted = new AtomicBoolean();

	@Test
	void runDeletesTheFiles() {
		LastResort.run(watch(), this::delete);
		assertThat(this.deleted).isTrue();
	}

	@Test
	void runWhenTheFileSystemDoesNotAnswerEndsInTime() {
		ShutdownWatch watch = ShutdownWatch.start(new Workers());
		watch.cleanUpBy(this::deleteAfterTheAnswer);
		LastResort.run(watch, this::deleteAfterTheAnswer);
		assertThat(this.deleted).isFalse();
		this.answer.countDown();
	}

	@Test
	void runWhenThereIsNoThreadForATimeOutDeletesTheFiles() throws InterruptedException {
		ShutdownWatch watch = mock();
		willThrow(new OutOfMemoryError("unable to create native thread")).given(watch).cleanUp();
		LastResort.run(watch, this::delete);
		then(watch).should().killWorkers();
		assertThat(this.deleted).isTrue();
	}

	private ShutdownWatch watch() {
		ShutdownWatch watch = ShutdownWatch.start(new Workers());
		watch.cleanUpBy(this::delete);
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
