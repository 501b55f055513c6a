package io.github.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProcessExit}.
 */
@Timeout(30)
class ProcessExitTests {

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	private static final Runnable HANGS = () -> {
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			// never
		}
	};

	private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> halts = new LinkedBlockingQueue<>();

	private final ProcessExit exit = exit(TIMEOUT);

	private long start = System.nanoTime();

	@Test
	void beginExitsAfterWhatComesFirst() throws InterruptedException {
		CountDownLatch first = new CountDownLatch(1);
		this.exit.begin("A test", 143, first::countDown);
		assertThat(this.exits.poll(5, TimeUnit.SECONDS)).isEqualTo(143);
		assertThat(first.getCount()).isZero();
	}

	@Test
	void beginWhenCalledAgainHasNoEffect() throws InterruptedException {
		ProcessExit exit = exit(Duration.ofSeconds(20));
		exit.begin("A test", 1, () -> {
		});
		exit.begin("A test", 2, () -> {
		});
		assertThat(this.exits.poll(5, TimeUnit.SECONDS)).isEqualTo(1);
		assertThat(this.exits.poll(100, TimeUnit.MILLISECONDS)).isNull();
	}

	@Test
	void beginWhenThereIsAMasterLeavesItTimeToKill() throws InterruptedException {
		this.exit.begin("A test", 0, HANGS);
		assertThat(this.halts.poll(5, TimeUnit.SECONDS)).isEqualTo(137);
		assertThat(sinceStart()).isGreaterThanOrEqualTo(TIMEOUT.plusSeconds(1));
	}

	@Test
	void beginWhenTheMasterIsGoneHaltsAtTheTimeout() throws InterruptedException {
		this.exit.linkEnded();
		this.exit.begin("A test", 0, HANGS);
		assertThat(this.halts.poll(5, TimeUnit.SECONDS)).isEqualTo(137);
		assertThat(sinceStart()).isBetween(TIMEOUT, TIMEOUT.plusMillis(900));
	}

	@Test
	void linkEndedWhenEndingLeavesTheTimeoutFromThenOn() throws InterruptedException {
		this.exit.begin("A test", 0, HANGS);
		this.exit.linkEnded();
		assertThat(this.halts.poll(5, TimeUnit.SECONDS)).isEqualTo(137);
		assertThat(sinceStart()).isBetween(TIMEOUT, TIMEOUT.plusMillis(900));
	}

	@Test
	void linkEndedWhenTheTimeIsNearlyOverLeavesNoMore() throws InterruptedException {
		this.exit.begin("A test", 0, HANGS);
		assertThat(this.halts.poll(1300, TimeUnit.MILLISECONDS)).isNull();
		this.exit.linkEnded();
		assertThat(this.halts.poll(5, TimeUnit.SECONDS)).isEqualTo(137);
		assertThat(sinceStart()).isLessThan(TIMEOUT.plusMillis(1250));
	}

	@Test
	void awaitBeginTellsWhetherItHasBegun() throws InterruptedException {
		assertThat(this.exit.awaitBegin(Duration.ofMillis(10))).isFalse();
		this.exit.begin("A test", 0, HANGS);
		assertThat(this.exit.awaitBegin(Duration.ofSeconds(5))).isTrue();
	}

	private ProcessExit exit(Duration timeout) {
		return new ProcessExit(timeout, this.exits::add, this.halts::add);
	}

	private Duration sinceStart() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

}
