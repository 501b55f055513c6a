package io.github.clusterboot.archive;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

}
