package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CacheWork}.
 */
@Timeout(60)
class CacheWorkTests {

	private static final LaunchCommand LAUNCH = new LaunchCommand(Path.of("java"), List.of(), List.of("Main"),
			List.of(), WorkingDirectory.INHERITED);

	private final ArchiveMaker maker = new ArchiveMaker(LAUNCH, ArchiveOptions.of(17, List.of()));

	private final LinkedBlockingQueue<String> failures = new LinkedBlockingQueue<>();

	@Test
	void beginWhenTheJobFailsWithAnErrorNotesItAndGoesOn() throws Exception {
		try (CacheWork work = new CacheWork(this.maker)) {
			CountDownLatch next = new CountDownLatch(1);
			work.begin((maker) -> {
				throw new NoClassDefFoundError("some/Type");
			}, this.failures::add);
			work.begin((maker) -> next.countDown(), this.failures::add);
			assertThat(this.failures.poll(20, TimeUnit.SECONDS)).contains("NoClassDefFoundError", "some/Type");
			assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	/**
	 * The cluster stops, which interrupts the thread, so that it cannot load classes.
	 */
	@Test
	void endWhenNoClassCanBeLoadedThrowsNothingOnTheThread() throws Exception {
		LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
		CountDownLatch begun = new CountDownLatch(1);
		AtomicReference<Thread> thread = new AtomicReference<>();
		try (CacheWork work = new CacheWork(this.maker, (task) -> thread(task, thread, uncaught))) {
			work.begin((maker) -> {
				begun.countDown();
				try {
					Thread.sleep(Duration.ofSeconds(50).toMillis());
				}
				catch (InterruptedException ex) {
					throw new IndescribableException();
				}
			}, this.failures::add);
			assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
		}
		thread.get().join();
		assertThat(uncaught).isEmpty();
		assertThat(this.failures).isEmpty();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void beginWhenTheJobFailsIndescribablyTellsItAndGoesOn(CapturedOutput output) throws Exception {
		LinkedBlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
		AtomicReference<Thread> thread = new AtomicReference<>();
		try (CacheWork work = new CacheWork(this.maker, (task) -> thread(task, thread, uncaught))) {
			work.begin((maker) -> {
				throw new IndescribableException();
			}, this.failures::add);
			work.await(Duration.ofSeconds(20));
			Thread first = thread.get();
			Awaitility.await().untilAsserted(() -> assertThat(output).contains(IndescribableException.class.getName()));
			work.await(Duration.ofSeconds(20));
			assertThat(thread.get()).isSameAs(first);
		}
		assertThat(uncaught).isEmpty();
	}

	private static Thread thread(Runnable task, AtomicReference<Thread> made, Queue<Throwable> uncaught) {
		Thread thread = DaemonThreads.named(CacheWork.THREAD).newThread(task);
		thread.setUncaughtExceptionHandler((failed, ex) -> uncaught.add(ex));
		made.set(thread);
		return thread;
	}

	@Test
	void beginWhenNoThreadCanBeMadeIsFalse() throws Exception {
		AtomicInteger failing = new AtomicInteger(1);
		try (CacheWork work = new CacheWork(this.maker, (task) -> ThreadsThatFail.make(task, failing))) {
			CountDownLatch done = new CountDownLatch(1);
			assertThat(work.begin((maker) -> done.countDown(), this.failures::add)).isFalse();
			assertThat(work.begin((maker) -> done.countDown(), this.failures::add)).isTrue();
			assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(this.failures).isEmpty();
		}
	}

	@Test
	void awaitWhenNoThreadCanBeMadeReturns() {
		AtomicInteger failing = new AtomicInteger(1);
		try (CacheWork work = new CacheWork(this.maker, (task) -> ThreadsThatFail.make(task, failing))) {
			work.await(Duration.ofSeconds(20));
			assertThat(failing).hasValue(0);
		}
	}

	/**
	 * As if the class that describes failures could not be loaded.
	 */
	private static final class IndescribableException extends IOException {

		@Override
		public String getMessage() {
			throw new NoClassDefFoundError("some/Type");
		}

	}

}
