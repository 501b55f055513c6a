package io.github.clusterboot.worker;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link HandoverChannel}.
 */
@Timeout(30)
class HandoverChannelTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private FakeMaster master;

	private HandoverChannel channel;

	@BeforeEach
	void open() throws IOException {
		this.master = new FakeMaster();
		this.channel = this.master.workersEnd();
	}

	@AfterEach
	void close() throws IOException {
		this.master.close();
	}

	@Test
	void addressIsTheMasters() {
		assertThat(this.channel.address()).isEqualTo(new InetSocketAddress("127.0.0.1", this.master.port()));
		assertThat(this.channel.ordinal()).isEqualTo(FakeMaster.ORDINAL);
	}

	@Test
	void takeReturnsConnectionsInTheirOrder() throws IOException {
		try (Socket first = connectAndHandOver(); Socket second = connectAndHandOver()) {
			assertThat(this.master.figures().connectionsTaken()).isZero();
			for (Socket client : new Socket[] { first, second }) {
				try (SocketChannel connection = this.channel.take()) {
					assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
					assertThat(connection.getLocalAddress()).isEqualTo(client.getRemoteSocketAddress());
				}
				assertThat(client.getInputStream().read()).isEqualTo(-1);
			}
			assertThat(this.master.figures().connectionsTaken(FakeMaster.ORDINAL)).isEqualTo(2);
			assertThat(this.master.figures().connectionsClosed()).isZero();
		}
	}

	/**
	 * The lent socket is never empty here.
	 */
	@Test
	void takeDoesNotForgetWhatIsHandedOverWhileItAccepts() throws IOException {
		List<Socket> clients = new ArrayList<>();
		try (FakeMaster lender = new FakeMaster(true)) {
			HandoverChannel channel = lender.workersEnd();
			channel.lent().allow(true);
			for (int i = 0; i < 90; i++) {
				clients.add(new Socket("127.0.0.1", lender.port()));
			}
			channel.take().close();
			lender.handOver(clients.get(1));
			for (int i = 0; i < 50; i++) {
				channel.take().close();
			}
			assertThat(lender.figures().connectionsTaken(FakeMaster.ORDINAL)).isEqualTo(1);
			assertThat(lender.figures().connectionsAccepted(FakeMaster.ORDINAL)).isEqualTo(50);
		}
		finally {
			for (Socket client : clients) {
				client.close();
			}
		}
	}

	@Test
	void takeWaitsForAConnectionAndSaysSo() throws Exception {
		assertThat(this.master.figures().isTaking(FakeMaster.ORDINAL)).isFalse();
		CompletableFuture<SocketChannel> taken = takeLater();
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.until(() -> this.master.figures().isTaking(FakeMaster.ORDINAL));
		try (Socket client = connectAndHandOver(); SocketChannel connection = taken.get(5, TimeUnit.SECONDS)) {
			assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
		}
		assertThat(this.master.figures().isTaking(FakeMaster.ORDINAL)).isFalse();
	}

	@Test
	void takeWhenAConnectionWasResetReturnsTheNext() throws IOException {
		try (Socket reset = connectAndHandOver(); Socket client = connectAndHandOver()) {
			reset.setSoLinger(true, 0);
			reset.close();
			try (SocketChannel connection = this.channel.take()) {
				assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
			}
		}
		assertThat(this.master.figures().connectionsTaken()).isEqualTo(2);
		assertThat(this.master.figures().connectionsClosed()).isOne();
	}

	@Test
	void takeWhenBrokenThrowsAndCountsNothing() {
		this.master.breakHandover();
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(this.channel::take);
		assertThat(this.master.figures().connectionsTaken(FakeMaster.ORDINAL)).isZero();
		assertThat(this.master.figures().connectionsClosed()).isZero();
	}

	/**
	 * The caller neither has the connection nor counts it.
	 */
	@ParameterizedTest
	@ValueSource(classes = { IOException.class, IllegalStateException.class, OutOfMemoryError.class })
	void takeWhenAConnectionCannotBeUsedThrowsAndCountsItAsClosed(Class<? extends Throwable> failure)
			throws IOException {
		try (Socket client = connectAndHandOver();
				MockedStatic<SocketChannels> channels = mockStatic(SocketChannels.class)) {
			channels.when(() -> SocketChannels.adopt(anyInt(), any())).thenAnswer((call) -> {
				new io.netty.channel.unix.FileDescriptor(call.getArgument(0)).close();
				throw failure.getDeclaredConstructor().newInstance();
			});
			assertThatExceptionOfType(failure).isThrownBy(this.channel::take);
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
		assertThat(this.master.figures().connectionsTaken(FakeMaster.ORDINAL)).isOne();
		assertThat(this.master.figures().connectionsClosed()).isOne();
	}

	/**
	 * Conformance row D4. What was not taken can be taken back, once.
	 */
	@Test
	void takeWhenTheMasterHasTakenBackReturnsTheRest() throws IOException {
		try (Socket first = connectAndHandOver(); Socket second = connectAndHandOver()) {
			int descriptor = this.master.takeBack();
			assertThat(descriptor).isPositive();
			try (SocketChannel connection = this.channel.take();
					SocketChannel takenBack = SocketChannels.adopt(descriptor, StandardProtocolFamily.INET)) {
				assertThat(takenBack.getRemoteAddress()).isEqualTo(first.getLocalSocketAddress());
				assertThat(connection.getRemoteAddress()).isEqualTo(second.getLocalSocketAddress());
			}
			assertThat(this.master.takeBack()).isZero();
		}
	}

	@Test
	void wakeUpMakesTakeReturnNothing() throws Exception {
		CompletableFuture<SocketChannel> taken = takeLater();
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> taken.get(SHORT.toMillis(), TimeUnit.MILLISECONDS));
		this.channel.wakeUp();
		assertThat(taken.get(5, TimeUnit.SECONDS)).isNull();
	}

	@Test
	void wakeUpWhenNoThreadWaitsMakesTheNextTakeReturnNothing() throws IOException {
		this.channel.wakeUp();
		assertThat(this.channel.take()).isNull();
		try (Socket client = connectAndHandOver(); SocketChannel connection = this.channel.take()) {
			assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
		}
	}

	@Test
	void takeWhenInterruptedReturnsNothingAndTheChannelStaysOpen() throws Exception {
		FutureTask<SocketChannel> task = new FutureTask<>(this.channel::take);
		Thread thread = new Thread(task);
		thread.start();
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.until(() -> this.master.figures().isTaking(FakeMaster.ORDINAL));
		thread.interrupt();
		assertThat(task.get(5, TimeUnit.SECONDS)).isNull();
		try (Socket client = connectAndHandOver(); SocketChannel connection = this.channel.take()) {
			assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
		}
	}

	/**
	 * Conformance row D5.
	 */
	@Test
	void stopTakingLeavesConnectionsToTheMasterWithoutSpinning() throws Exception {
		this.master.channels().stopTaking();
		try (Socket client = connectAndHandOver()) {
			assertWaitsIdly();
			int descriptor = this.master.takeBack();
			assertThat(descriptor).isPositive();
			new io.netty.channel.unix.FileDescriptor(descriptor).close();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void takeWhenTheMasterIsGoneWaitsWithoutSpinning() throws Exception {
		this.master.die();
		assertWaitsIdly();
	}

	@Test
	void takeWhenTheMasterIsGoneReturnsWhatIsThere() throws IOException {
		try (Socket client = connectAndHandOver()) {
			this.master.scoreboard().wantRoom(true);
			this.master.die();
			try (SocketChannel connection = this.channel.take()) {
				assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
			}
		}
	}

	private void assertWaitsIdly() throws InterruptedException {
		FutureTask<SocketChannel> task = new FutureTask<>(this.channel::take);
		Thread thread = new Thread(task);
		thread.start();
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> task.get(600, TimeUnit.MILLISECONDS));
		long used = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
		assertThat(Duration.ofNanos(used)).isLessThan(Duration.ofMillis(200));
		this.channel.wakeUp();
		thread.join();
	}

	@Test
	void takeWhenTheMasterWantsRoomTellsIt() throws IOException {
		try (Socket first = connectAndHandOver();
				Socket second = connectAndHandOver();
				SocketChannel untold = this.channel.take()) {
			assertThat(untold.isOpen()).isTrue();
			assertThat(this.master.read()).isZero();
			this.master.scoreboard().wantRoom(true);
			this.channel.take().close();
			assertThat(this.master.read()).isOne();
			assertThat(first.getPort()).isEqualTo(second.getPort());
		}
	}

	@Test
	void closeMakesTakeThrowAndTellsTheMaster() throws Exception {
		CompletableFuture<SocketChannel> taken = takeLater();
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> taken.get(SHORT.toMillis(), TimeUnit.MILLISECONDS));
		this.channel.close();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> taken.get(5, TimeUnit.SECONDS))
			.withRootCauseInstanceOf(ClosedChannelException.class);
		assertThat(this.master.read()).isEqualTo(-1);
		this.channel.close();
	}

	@Test
	void closeLeavesConnectionsToTheMaster() throws IOException {
		try (Socket client = connectAndHandOver()) {
			this.channel.close();
			try (SocketChannel connection = SocketChannels.adopt(this.master.takeBack(), StandardProtocolFamily.INET)) {
				client.getOutputStream().write(1);
				connection.configureBlocking(true);
				assertThat(connection.read(ByteBuffer.allocate(1))).isOne();
			}
		}
	}

	private Socket connectAndHandOver() throws IOException {
		Socket client = new Socket("127.0.0.1", this.master.port());
		client.setSoTimeout(5000);
		this.master.handOver(client);
		return client;
	}

	private CompletableFuture<SocketChannel> takeLater() {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return this.channel.take();
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		});
	}

}
