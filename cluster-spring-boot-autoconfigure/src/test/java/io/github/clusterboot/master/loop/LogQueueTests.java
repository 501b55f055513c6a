package io.github.clusterboot.master.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogQueue}. Fault F2.
 */
@Timeout(60)
class LogQueueTests {

	private static final Duration MOMENT = Duration.ofMillis(100);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final AtomicLong dropped = new AtomicLong();

	private final LogQueue queue = new LogQueue(3, this.dropped::addAndGet);

	private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());

	private final CountDownLatch reader = new CountDownLatch(1);

	@Test
	void addWritesInOrderOnAnotherThread() {
		Thread caller = Thread.currentThread();
		List<Thread> writers = Collections.synchronizedList(new ArrayList<>());
		for (int i = 0; i < 2; i++) {
			int line = i;
			this.queue.add(() -> {
				writers.add(Thread.currentThread());
				this.written.add(line);
			});
		}
		assertThat(this.queue.flush(PATIENCE)).isTrue();
		assertThat(this.written).containsExactly(0, 1);
		assertThat(writers).doesNotContain(caller);
	}

	@Test
	void addWhenNobodyReadsDropsWhatDoesNotFitAndSaysHowMuchWhenItFlowsAgain() {
		stopReader();
		for (int i = 1; i <= 10; i++) {
			addLine(i);
		}
		assertThat(this.written).isEmpty();
		assertThat(this.dropped).hasValue(0);
		this.reader.countDown();
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.dropped).hasValue(7));
		assertThat(this.written).containsExactly(1, 2, 3);
		addLine(11);
		assertThat(this.queue.flush(PATIENCE)).isTrue();
		assertThat(this.written).containsExactly(1, 2, 3, 11);
		assertThat(this.dropped).hasValue(7);
	}

	@Test
	void addWhenALineFailsWritesTheNext() {
		this.queue.add(() -> {
			throw new IllegalStateException("the disk is full");
		});
		addLine(1);
		assertThat(this.queue.flush(PATIENCE)).isTrue();
		assertThat(this.written).containsExactly(1);
	}

	@Test
	void flushWhenNobodyReadsReturnsInTime() {
		stopReader();
		long start = System.nanoTime();
		assertThat(this.queue.flush(MOMENT)).isFalse();
		for (int i = 0; i < 3; i++) {
			addLine(i);
		}
		assertThat(this.queue.flush(MOMENT)).isFalse();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
		this.reader.countDown();
	}

	private void stopReader() {
		CountDownLatch stopped = new CountDownLatch(1);
		this.queue.add(() -> {
			stopped.countDown();
			await(this.reader);
		});
		await(stopped);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void addLine(int line) {
		this.queue.add(() -> this.written.add(line));
	}

}
