package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.ipc.InMemoryScoreboard;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.VirtualEventLoop;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.SocketSharing;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.withSettings;

/**
 * Tests for {@link Handover} over a pair of sockets.
 */
@Timeout(30)
class HandoverTests {

	private static final int ORDINAL = 1;

	private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 0);

	private final ScoreboardSlot slot = InMemoryScoreboard.newSlot();

	private final Receiver worker = mock(Receiver.class);

	private final Listener listener = mock(Listener.class);

	private final DomainSocketChannel channel = mock(DomainSocketChannel.class);

	private final VirtualEventLoop loop = new VirtualEventLoop();

	private final List<FileDescriptor> descriptors = new ArrayList<>();

	@TempDir
	private Path directory;

	private Socket sending;

	private Socket receiving;

	private Handover handover;

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@BeforeEach
	void connect() throws IOException {
		DomainSocketAddress address = new DomainSocketAddress(this.directory.resolve("s").toString());
		Socket server = own(Socket.newSocketDomain());
		server.bind(address);
		server.listen(1);
		this.receiving = own(Socket.newSocketDomain());
		this.receiving.connect(address);
		this.sending = own(new Socket(server.accept(new byte[256])));
		given(this.channel.fd()).willReturn(this.sending);
		given(this.channel.isOpen()).willReturn(true);
		given(this.worker.slot()).willReturn(this.slot);
		given(this.worker.isReady()).willReturn(true);
		given(this.worker.send(any())).willReturn(true);
		given(this.worker.toString()).willReturn("worker 1");
		given(this.listener.ordinal()).willReturn(ORDINAL);
		given(this.listener.name()).willReturn("server");
		given(this.listener.sharing()).willReturn(SocketSharing.NONE);
		given(this.listener.time()).willReturn(new MasterLoop(this.loop, this.loop.ticker(), Clock.systemUTC()));
		this.slot.connectionTaken(ORDINAL);
		this.slot.connectionAccepted(ORDINAL);
		this.slot.connectionClosed(ORDINAL);
		this.slot.connectionClosed(ORDINAL);
		this.handover = new Handover(this.worker, this.listener, this.channel, this.receiving);
	}

	@AfterEach
	void close() throws IOException {
		for (FileDescriptor descriptor : this.descriptors) {
			if (descriptor.isOpen()) {
				descriptor.close();
			}
		}
	}

	@Test
	void sendGivesTheWorkerACopyAndClosesItsOwn() throws IOException {
		FileDescriptor connection = send();
		assertThat(connection.isOpen()).isFalse();
		assertThat(this.handover.waiting()).isOne();
		assertThat(take()).isTrue();
		assertThat(this.handover.waiting()).isZero();
		assertThat(take()).isFalse();
	}

	@Test
	void hasRoomUntilTheWindowIsFull() throws IOException {
		for (int i = 0; i < Handover.WINDOW; i++) {
			assertThat(this.handover.hasRoom()).isTrue();
			send();
		}
		assertThat(this.handover.hasRoom()).isFalse();
		assertThat(this.handover.isServed()).isTrue();
		take();
		assertThat(this.handover.hasRoom()).isTrue();
	}

	@Test
	void hasRoomWhenTheWorkerIsNotReadyIsFalse() {
		given(this.worker.isReady()).willReturn(false);
		assertThat(this.handover.hasRoom()).isFalse();
		assertThat(this.handover.isServed()).isFalse();
	}

	@Test
	void hasRoomWhenTheChannelIsClosedIsFalse() {
		given(this.channel.isOpen()).willReturn(false);
		assertThat(this.handover.hasRoom()).isFalse();
	}

	@Test
	void connectionsAreThoseThatAreOpenOrWait() throws IOException {
		send();
		send();
		take();
		assertThat(this.handover.connections()).isEqualTo(2);
		this.slot.connectionClosed(ORDINAL);
		assertThat(this.handover.connections()).isOne();
	}

	@Test
	void acceptedAreThoseSinceTheBeginning() {
		assertThat(this.handover.accepted()).isZero();
		this.slot.connectionAccepted(ORDINAL);
		this.slot.connectionAccepted(ORDINAL + 1);
		assertThat(this.handover.accepted()).isOne();
	}

	@Test
	void recentlySentCountsTheLessTheLongerAgoItWas() throws IOException {
		assertThat(this.handover.recentlySent()).isZero();
		send();
		send();
		assertThat(this.handover.recentlySent()).isEqualTo(2);
		pass(Duration.ofSeconds(10));
		assertThat(this.handover.recentlySent()).isCloseTo(2 / Math.E, within(0.001));
	}

	@Test
	void sendWhenTheQueueIsFullReturnsFalse() throws IOException {
		FileDescriptor connection = own(FileDescriptor.from("/dev/null"));
		boolean sent = true;
		for (int i = 0; i < 100_000 && sent; i++) {
			sent = this.handover.send(connection(connection));
		}
		assertThat(sent).isFalse();
		assertThat(connection.isOpen()).isTrue();
	}

	/**
	 * A descriptor of which the close is nobody's business here.
	 */
	private static FileDescriptor connection(FileDescriptor descriptor) {
		FileDescriptor connection = mock(FileDescriptor.class, withSettings().stubOnly());
		given(connection.intValue()).willReturn(descriptor.intValue());
		return connection;
	}

	@Test
	void sendWhenTheWorkerIsGoneThrowsException() throws IOException {
		this.receiving.close();
		FileDescriptor connection = own(FileDescriptor.from("/dev/null"));
		assertThatIOException().isThrownBy(() -> this.handover.send(connection));
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.handover.waiting()).isZero();
	}

	@Test
	void takeBackReturnsWhatTheWorkerHasNotTaken() throws IOException {
		send();
		send();
		take();
		FileDescriptor connection = own(this.handover.takeBack());
		assertThat(connection.isOpen()).isTrue();
		assertThat(this.handover.waiting()).isZero();
		assertThat(this.handover.takeBack()).isNull();
	}

	@Test
	void passOverEndsWithTheNextTry() throws IOException {
		assertThat(this.handover.passOver()).as("first time").isTrue();
		assertThat(this.handover.isPassedOver()).isTrue();
		assertThat(this.handover.hasRoom()).isFalse();
		assertThat(this.handover.isServed()).isTrue();
		assertThat(this.handover.tryAgain()).isTrue();
		assertThat(this.handover.tryAgain()).isFalse();
		assertThat(this.handover.hasRoom()).isTrue();
		assertThat(this.handover.passOver()).as("told before").isFalse();
		this.handover.tryAgain();
		send();
		assertThat(this.handover.passOver()).as("has worked meanwhile").isTrue();
	}

	@Test
	void isStallingWhenNothingWaitsIsFalse() {
		pass(StallDetector.PATIENCE.multipliedBy(10));
		assertThat(this.handover.isStalling()).isFalse();
		assertThat(this.handover.isRecovering()).isFalse();
	}

	@Test
	void isStallingWhenTheWorkerTakesNothingIsTrueOnce() throws IOException {
		pass(Duration.ofSeconds(10));
		send();
		pass(StallDetector.PATIENCE.minusMillis(1));
		assertThat(this.handover.isStalling()).isFalse();
		pass(Duration.ofMillis(1));
		assertThat(this.handover.isStalling()).isTrue();
		assertThat(this.handover.isStalling()).isFalse();
		assertThat(this.handover.isServed()).isFalse();
		assertThat(this.handover.hasRoom()).isFalse();
	}

	@Test
	void isStallingWhenTheWorkerGetsOnIsFalse() throws IOException {
		send();
		send();
		send();
		for (int i = 0; i < 3; i++) {
			pass(StallDetector.PATIENCE.minusMillis(1));
			take();
			assertThat(this.handover.isStalling()).isFalse();
		}
	}

	/**
	 * Its JVM runs, and its server has room.
	 */
	@Test
	void isRecoveringWhenTheWorkerBeatsAndTakesIsTrueOnce() throws IOException {
		this.slot.beat(1, 0);
		send();
		pass(StallDetector.PATIENCE);
		assertThat(this.handover.isStalling()).isTrue();
		this.slot.taking(ORDINAL, true);
		assertThat(this.handover.isRecovering()).as("heart stands still").isFalse();
		this.slot.taking(ORDINAL, false);
		this.slot.beat(2, 0);
		assertThat(this.handover.isRecovering()).as("no room").isFalse();
		this.slot.taking(ORDINAL, true);
		assertThat(this.handover.isRecovering()).isTrue();
		assertThat(this.handover.isRecovering()).isFalse();
		assertThat(this.handover.isServed()).isTrue();
	}

	@Test
	void lendGivesTheWorkerTheSocket() throws IOException {
		ListeningSocket socket = own(ListeningSocket.open("server", LOOPBACK, 10));
		assertThat(this.handover.updateAccepting()).isNull();
		this.handover.lend(socket);
		int received = this.receiving.recvFd();
		own(new FileDescriptor(received));
		assertThat(ListeningSocket.isListening(received)).isTrue();
		assertThat(this.handover.waiting()).isZero();
	}

	@Test
	void lendWhenTheQueueIsFullThrowsException() throws IOException {
		sendWhenTheQueueIsFullReturnsFalse();
		ListeningSocket socket = own(ListeningSocket.open("server", LOOPBACK, 10));
		assertThatIOException().isThrownBy(() -> this.handover.lend(socket))
			.withMessage("The handover from 'server' to worker 1 does not take the listening socket");
		assertThat(this.handover.updateAccepting()).isNull();
	}

	@Test
	void takeBackWhenTheWorkerHasNotGotWhatItWasLentClosesThat() throws IOException {
		this.handover.lend(own(ListeningSocket.open("server", LOOPBACK, 10)));
		this.handover.send(Socket.newSocketDomain());
		FileDescriptor connection = own(this.handover.takeBack());
		assertThat(ListeningSocket.isListening(connection.intValue())).isFalse();
		assertThat(this.handover.takeBack()).isNull();
		assertThat(this.handover.waiting()).isZero();
	}

	@Test
	void updateAcceptingTellsTheWorkerWhatChanges() throws IOException {
		ListeningSocket socket = own(ListeningSocket.open("server", LOOPBACK, 10));
		this.handover.lend(socket);
		assertThat(this.handover.updateAccepting()).isSameAs(socket);
		assertThat(this.handover.updateAccepting()).isSameAs(socket);
		verify(this.worker, times(1)).send(new Message.Accepting("server", true));
		given(this.worker.isReady()).willReturn(false);
		assertThat(this.handover.updateAccepting()).isNull();
		assertThat(this.handover.updateAccepting()).isNull();
		verify(this.worker, times(1)).send(new Message.Accepting("server", false));
	}

	@Test
	void updateAcceptingWhenTheWorkerCannotBeToldTellsItLater() throws IOException {
		this.handover.lend(own(ListeningSocket.open("server", LOOPBACK, 10)));
		given(this.worker.send(any())).willReturn(false, true);
		this.handover.updateAccepting();
		this.handover.updateAccepting();
		this.handover.updateAccepting();
		verify(this.worker, times(2)).send(new Message.Accepting("server", true));
	}

	/**
	 * What the kernel has queued at a socket from which only this worker accepts is not
	 * accepted by anyone else.
	 */
	@Test
	void isStallingWhenTheWorkerDoesNotAcceptFromItsOwnSocketIsTrue() throws IOException {
		given(this.listener.sharing()).willReturn(SocketSharing.ALONE);
		ListeningSocket socket = own(ListeningSocket.open("server", LOOPBACK, 10));
		this.handover.lend(socket);
		try (java.net.Socket client = new java.net.Socket()) {
			client.connect(socket.address());
			pass(StallDetector.PATIENCE);
			assertThat(this.handover.isStalling()).as("has not been let").isFalse();
			this.handover.updateAccepting();
			pass(StallDetector.PATIENCE.minusMillis(1));
			assertThat(this.handover.isStalling()).isFalse();
			pass(Duration.ofMillis(1));
			assertThat(this.handover.isStalling()).isTrue();
		}
	}

	@Test
	void isStallingWhenOthersAcceptFromTheSocketTooIsFalse() throws IOException {
		given(this.listener.sharing()).willReturn(SocketSharing.TOGETHER);
		ListeningSocket socket = own(ListeningSocket.open("server", LOOPBACK, 10));
		this.handover.lend(socket);
		this.handover.updateAccepting();
		try (java.net.Socket client = new java.net.Socket()) {
			client.connect(socket.address());
			pass(StallDetector.PATIENCE.multipliedBy(3));
			assertThat(this.handover.isStalling()).isFalse();
		}
	}

	@Test
	void closeClosesBothEnds() throws IOException {
		this.handover.close();
		this.handover.close();
		verify(this.channel, times(2)).close();
		assertThat(this.receiving.isOpen()).isFalse();
	}

	private FileDescriptor send() throws IOException {
		FileDescriptor connection = FileDescriptor.from("/dev/null");
		assertThat(this.handover.send(connection)).isTrue();
		return connection;
	}

	/**
	 * Take a connection as the worker does, whose end is the same socket.
	 */
	private boolean take() throws IOException {
		int received = this.receiving.recvFd();
		if (received <= 0) {
			return false;
		}
		new FileDescriptor(received).close();
		this.slot.connectionTaken(ORDINAL);
		return true;
	}

	private void pass(Duration time) {
		this.loop.advance(time.toNanos());
	}

	private <T extends FileDescriptor> T own(T descriptor) {
		this.descriptors.add(descriptor);
		return descriptor;
	}

}
