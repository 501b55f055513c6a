package io.github.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link WorkerShutdown}.
 */
@Timeout(30)
class WorkerShutdownTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final BlockingQueue<Message.Draining> messages = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> exits = new LinkedBlockingQueue<>();

	private final DrainableServer server = mock(DrainableServer.class);

	private FakeMaster master;

	private WorkerShutdown shutdown;

	@BeforeEach
	void open() throws IOException {
		this.master = new FakeMaster();
		this.shutdown = new WorkerShutdown(TIMEOUT, this.master.channels(), this.master.figures(), this.messages::add,
				new ProcessExit(TIMEOUT, this.exits::add, this.exits::add));
		this.shutdown.add(this.server);
	}

	@AfterEach
	void close() throws IOException {
		this.master.close();
	}

	/**
	 * Fault A1.
	 */
	@Test
	void claimWhenAnotherServesIsRefusedUntilThatOneGivesUp() {
		Object first = new Object();
		Object second = new Object();
		assertThat(this.shutdown.claim(first)).isTrue();
		assertThat(this.shutdown.claim(second)).isFalse();
		this.shutdown.giveUpClaim(second);
		assertThat(this.shutdown.claim(second)).isFalse();
		this.shutdown.giveUpClaim(first);
		assertThat(this.shutdown.claim(second)).isTrue();
	}

	@Test
	void askedDrainsAndEnds() throws Exception {
		this.shutdown.asked(true);
		assertThat(exitCode()).isZero();
		assertThat(this.messages).containsExactly(new Message.Draining(false));
		verify(this.server, atLeastOnce()).releaseIdle();
	}

	@Test
	void askedWhenNobodyCanGoOnHandsNothingBack() throws Exception {
		this.shutdown.asked(false);
		assertThat(exitCode()).isZero();
		verify(this.server, never()).releaseIdle();
	}

	@Test
	void terminatedServesOnUntilTheMasterSaysHow() throws Exception {
		CompletableFuture<Void> terminated = CompletableFuture.runAsync(this.shutdown::terminated);
		assertThat(this.messages.poll(5, TimeUnit.SECONDS)).isEqualTo(new Message.Draining(true));
		verifyNoInteractions(this.server);
		this.shutdown.asked(false);
		assertThat(exitCode()).isEqualTo(143);
		terminated.get(5, TimeUnit.SECONDS);
		verify(this.server, never()).releaseIdle();
		assertThat(this.messages).isEmpty();
	}

	@Test
	void terminatedWhenTheMasterDoesNotAnswerEndsAllTheSame() throws Exception {
		long start = System.nanoTime();
		this.shutdown.terminated();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(900));
		assertThat(exitCode()).isEqualTo(143);
		verify(this.server, atLeastOnce()).releaseIdle();
	}

	@Test
	void terminatedWhenTheMasterIsGoneDoesNotWait() throws Exception {
		this.shutdown.linkEnded();
		long start = System.nanoTime();
		this.shutdown.terminated();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
		assertThat(exitCode()).isZero();
		verify(this.server, never()).releaseIdle();
	}

	@Test
	void linkEndedWhenTerminatedEndsAtOnce() throws Exception {
		CompletableFuture<Void> terminated = CompletableFuture.runAsync(this.shutdown::terminated);
		assertThat(this.messages.poll(5, TimeUnit.SECONDS)).isEqualTo(new Message.Draining(true));
		this.shutdown.linkEnded();
		assertThat(exitCode()).isEqualTo(143);
		terminated.get(5, TimeUnit.SECONDS);
	}

	private Integer exitCode() throws InterruptedException {
		return this.exits.poll(5, TimeUnit.SECONDS);
	}

}
