package io.github.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Drain}.
 */
@Timeout(30)
class DrainTests {

	private static final long PATIENCE = 5000;

	private final DrainableServer server = mock(DrainableServer.class);

	private final AtomicInteger begun = new AtomicInteger();

	private FakeMaster master;

	@BeforeEach
	void open() throws IOException {
		this.master = new FakeMaster();
	}

	@AfterEach
	void close() throws IOException {
		this.master.close();
	}

	@Test
	void completeWhenNothingIsOpenReturnsAtOnce() throws IOException {
		Drain drain = drain(Duration.ofSeconds(20));
		long start = System.nanoTime();
		drain.complete();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		assertThat(this.begun).hasValue(1);
		InOrder order = inOrder(this.server);
		order.verify(this.server).endWithNextAnswer();
		order.verify(this.server).releaseIdle();
		order.verify(this.server).handBackReleased();
	}

	@Test
	void completeWhenCalledAgainBeginsOnce() {
		Drain drain = drain(Duration.ofSeconds(20));
		drain.complete();
		drain.complete();
		assertThat(this.begun).hasValue(1);
	}

	@Test
	void completeWaitsForTheLastConnection() throws Exception {
		takeOne();
		CompletableFuture<Void> completed = complete(drain(Duration.ofSeconds(20)));
		verify(this.server, timeout(PATIENCE).atLeast(3)).releaseIdle();
		assertThat(completed).isNotDone();
		this.master.figures().connectionClosed(FakeMaster.ORDINAL);
		completed.get(PATIENCE, TimeUnit.MILLISECONDS);
	}

	@Test
	void completeWaitsForWhatIsOnTheWayToTheMaster() throws Exception {
		given(this.server.handBackReleased()).willReturn(1, 1, 0);
		complete(drain(Duration.ofSeconds(20))).get(PATIENCE, TimeUnit.MILLISECONDS);
		verify(this.server, times(3)).handBackReleased();
	}

	/**
	 * A quarter of the time-out is left for the application.
	 */
	@Test
	void completeWhenTheTimeIsOverClosesWhatIsIdle() {
		takeOne();
		long start = System.nanoTime();
		drain(Duration.ofMillis(2000)).complete();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1450),
				Duration.ofMillis(3000));
		verify(this.server, timeout(PATIENCE)).closeIdle(Duration.ZERO);
	}

	@Test
	void completeWhenNobodyCanGoOnClosesWhatIsIdleAfterAGrace() throws Exception {
		takeOne();
		Drain drain = drain(Duration.ofSeconds(20));
		drain.stopHandingBack();
		long start = System.nanoTime();
		CompletableFuture<Void> completed = complete(drain);
		verify(this.server, timeout(PATIENCE).atLeastOnce()).closeIdle(Duration.ofSeconds(1));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
		verify(this.server, never()).releaseIdle();
		this.master.figures().connectionClosed(FakeMaster.ORDINAL);
		completed.get(PATIENCE, TimeUnit.MILLISECONDS);
	}

	@Test
	void completeWhenHandingBackFailsTriesAgain() throws Exception {
		willThrow(new IOException("no descriptor")).willDoNothing().given(this.server).releaseIdle();
		given(this.server.handBackReleased()).willThrow(new IOException("broken")).willReturn(0);
		complete(drain(Duration.ofSeconds(20))).get(PATIENCE, TimeUnit.MILLISECONDS);
		verify(this.server, times(2)).releaseIdle();
		verify(this.server, times(2)).handBackReleased();
	}

	@Test
	void stopHandingBackWhenDrainingStillGivesAwayWhatWasReleased() throws Exception {
		takeOne();
		Drain drain = drain(Duration.ofSeconds(20));
		CompletableFuture<Void> completed = complete(drain);
		verify(this.server, timeout(PATIENCE).atLeastOnce()).releaseIdle();
		long start = System.nanoTime();
		drain.stopHandingBack();
		clearInvocations(this.server);
		verify(this.server, timeout(PATIENCE).atLeast(2)).handBackReleased();
		verify(this.server, timeout(PATIENCE).atLeastOnce()).closeIdle(Duration.ofSeconds(1));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
		this.master.figures().connectionClosed(FakeMaster.ORDINAL);
		completed.get(PATIENCE, TimeUnit.MILLISECONDS);
	}

	/**
	 * All threads share one deadline: one that comes later does not wait longer.
	 */
	@Test
	void completeWhenInterruptedAndCalledAgainWaitsForTheRestOfTheTime() {
		takeOne();
		Drain drain = drain(Duration.ofMillis(2000));
		CompletableFuture<Void> completed = complete(drain);
		verify(this.server, timeout(PATIENCE).atLeast(5)).endWithNextAnswer();
		Thread.currentThread().interrupt();
		drain.complete();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(completed).succeedsWithin(Duration.ofMillis(200));
	}

	/**
	 * Conformance row D5.
	 */
	@Test
	void completeLeavesToTheMasterWhatWasNotTaken() throws IOException {
		drain(Duration.ofSeconds(20)).complete();
		try (java.net.Socket client = new java.net.Socket("127.0.0.1", this.master.port())) {
			this.master.handOver(client);
			CompletableFuture<SocketChannel> taken = CompletableFuture.supplyAsync(() -> {
				try {
					return this.master.workersEnd().take();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			int descriptor = this.master.takeBack();
			assertThat(descriptor).isPositive();
			new io.netty.channel.unix.FileDescriptor(descriptor).close();
			this.master.workersEnd().wakeUp();
			assertThat(taken.join()).isNull();
		}
	}

	private void takeOne() {
		this.master.figures().connectionTaken(FakeMaster.ORDINAL);
	}

	private Drain drain(Duration timeout) {
		return new Drain(timeout, this.master.channels(), List.of(this.server), this.master.figures(),
				this.begun::incrementAndGet);
	}

	private static CompletableFuture<Void> complete(Drain drain) {
		return CompletableFuture.runAsync(drain::complete);
	}

}
