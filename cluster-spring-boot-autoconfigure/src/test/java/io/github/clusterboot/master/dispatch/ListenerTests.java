package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Set;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.VirtualEventLoop;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.ListeningSockets;
import io.github.clusterboot.master.socket.SocketSharing;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Listener} with sockets of one's own and sockets that are lent.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenerTests {

	private static final InetSocketAddress REQUESTED = new InetSocketAddress("127.0.0.1", 0);

	private static final InetSocketAddress BOUND = new InetSocketAddress("127.0.0.2", 8080);

	private final NativeTransport transport = NativeTransport.current();

	private final VirtualEventLoop loop = new VirtualEventLoop();

	private final IoRegistration firstRegistration = registration();

	private final IoRegistration secondRegistration = registration();

	private final ListeningSocket firstSocket = socket();

	private final ListeningSocket secondSocket = socket();

	private final ListeningSockets sockets = mock(ListeningSockets.class);

	private final Runnable onNoRoom = mock(Runnable.class);

	private final Handover first = handover(0);

	private final Handover second = handover(1);

	private Listener listener;

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@BeforeEach
	void open() throws IOException {
		this.loop.onRegister(() -> ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.firstRegistration));
		given(this.sockets.first()).willReturn(this.firstSocket);
		given(this.sockets.sharing()).willReturn(SocketSharing.NONE);
		given(this.sockets.sharedWith(0)).willReturn(this.firstSocket);
		given(this.sockets.sharedWith(1)).willReturn(this.secondSocket);
		this.listener = new Listener("server", 2, REQUESTED, this.sockets,
				new MasterLoop(this.loop, this.loop.ticker(), Clock.systemUTC()), new RoundRobinScheduler(),
				this.onNoRoom);
		this.loop.onRegister(() -> ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.secondRegistration));
	}

	@AfterEach
	void awaitLog() {
		MasterLog.flush();
	}

	@Test
	void listenerTellsWhatItIs() {
		assertThat(this.listener.name()).isEqualTo("server");
		assertThat(this.listener.ordinal()).isEqualTo(2);
		assertThat(this.listener.requested()).isEqualTo(REQUESTED);
		assertThat(this.listener.socket()).isSameAs(this.firstSocket);
		assertThat(this.listener.time().nanoTime()).isEqualTo(this.loop.ticker().nanoTime());
	}

	/**
	 * The address that was asked for may be that of all interfaces.
	 */
	@Test
	void addressIsTheOneAskedForUnlessTheSocketWasPassed() {
		assertThat(this.listener.address()).isEqualTo(REQUESTED.getAddress());
		given(this.firstSocket.isPassed()).willReturn(true);
		assertThat(this.listener.address()).isEqualTo(BOUND.getAddress());
	}

	@Test
	void resumeWhenThereIsNoWorkerDoesNotAccept() {
		assertThat(this.listener.resume()).isFalse();
		assertThat(this.listener.isServed()).isFalse();
		verify(this.firstRegistration, never()).submit(any());
	}

	@Test
	void resumeWhenAWorkerHasRoomAccepts() throws IOException {
		this.listener.add(this.first);
		verify(this.first, never()).lend(any());
		assertThat(this.listener.resume()).isTrue();
		assertThat(this.listener.hasRoom()).isTrue();
		assertThat(this.listener.isServed()).isTrue();
		verify(this.firstRegistration).submit(this.transport.readInterest(true));
		given(this.first.hasRoom()).willReturn(false);
		assertThat(this.listener.resume()).isFalse();
		verify(this.firstRegistration).submit(this.transport.readInterest(false));
		verify(this.sockets, never()).select(any());
	}

	@Test
	void resumeHandsOverWhatWaits() throws IOException {
		FileDescriptor connection = mock(FileDescriptor.class);
		this.listener.dispatch(connection);
		assertThat(this.listener.waiting()).isOne();
		this.listener.add(this.first);
		this.listener.resume();
		verify(this.first).send(connection);
		assertThat(this.listener.waiting()).isZero();
	}

	@Test
	void addWhenSocketsAreLentLendsTheWorkerItsOwn() throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		this.listener.add(this.first);
		this.listener.add(this.second);
		verify(this.first).lend(this.firstSocket);
		verify(this.second).lend(this.secondSocket);
	}

	@Test
	void addWhenTheSocketCannotBeLentDoesNotServeTheWorker() throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		willThrow(new IOException("sendmsg failed")).given(this.first).lend(any());
		assertThatIOException().isThrownBy(() -> this.listener.add(this.first));
		assertThat(this.listener.isServed()).isFalse();
	}

	/**
	 * What arrives at a socket whose worker does not accept is accepted by the master.
	 */
	@Test
	void resumeWhenSocketsAreLentAcceptsWhereNoWorkerDoes() throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		this.listener.add(this.first);
		this.listener.add(this.second);
		given(this.first.updateAccepting()).willReturn(this.firstSocket);
		assertThat(this.listener.resume()).isTrue();
		verify(this.sockets).select(Set.of(this.firstSocket));
		verify(this.firstRegistration, never()).submit(any());
		verify(this.secondRegistration).submit(this.transport.readInterest(true));
		given(this.second.updateAccepting()).willReturn(this.secondSocket);
		this.listener.resume();
		this.listener.resume();
		verify(this.sockets, times(1)).select(Set.of(this.firstSocket, this.secondSocket));
		verify(this.secondRegistration).submit(this.transport.readInterest(false));
		given(this.first.updateAccepting()).willReturn(null);
		given(this.second.updateAccepting()).willReturn(null);
		this.listener.resume();
		verify(this.sockets).select(Set.of());
		verify(this.firstRegistration).submit(this.transport.readInterest(true));
	}

	/**
	 * The kernel then chooses among all sockets, and the master accepts what arrives
	 * where no worker does.
	 */
	@Test
	void resumeWhenTheKernelCannotChooseTellsItOnce(CapturedOutput output) throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		willThrow(new IOException("setsockopt failed")).given(this.sockets).select(any());
		this.listener.add(this.first);
		given(this.first.updateAccepting()).willReturn(this.firstSocket, (ListeningSocket) null);
		assertThat(this.listener.resume()).isTrue();
		assertThat(this.listener.resume()).isTrue();
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("the kernel takes no program that chooses (setsockopt failed)");
	}

	@Test
	void addWhenTheIndexHasItsSocketAlreadyWatchesItOnce() throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		this.listener.add(this.second);
		this.listener.remove(this.second);
		this.listener.add(this.second);
		this.listener.resume();
		verify(this.secondRegistration, times(1)).submit(this.transport.readInterest(true));
	}

	@Test
	void removeTakesBackWhatWaits() throws IOException {
		this.listener.add(this.first);
		this.listener.add(this.second);
		this.listener.takeBack(this.first.receiver());
		verify(this.first).takeBack();
		verify(this.first, never()).close();
		this.listener.remove(this.first.receiver());
		verify(this.first).close();
		this.listener.remove(this.second);
		verify(this.second).close();
		assertThat(this.listener.isServed()).isFalse();
	}

	@Test
	void checkStalledAsksEachHandover() throws IOException {
		this.listener.add(this.first);
		assertThat(this.listener.checkStalled()).isFalse();
		given(this.first.tryAgain()).willReturn(true);
		assertThat(this.listener.checkStalled()).isTrue();
	}

	@Test
	void acceptRestAsksEachSocket() throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		this.listener.add(this.first);
		this.listener.add(this.second);
		FileDescriptor connection = mock(FileDescriptor.class);
		given(this.secondSocket.acceptConnection()).willReturn(connection, (FileDescriptor) null);
		assertThat(this.listener.acceptRest()).isTrue();
		verify(this.first).send(connection);
		given(this.first.hasRoom()).willReturn(false);
		given(this.second.hasRoom()).willReturn(false);
		assertThat(this.listener.acceptRest()).isFalse();
	}

	@Test
	void refuseNewWhenTheSocketWasPassedClosesIt() throws IOException {
		given(this.firstSocket.isPassed()).willReturn(true);
		this.listener.refuseNew();
		verify(this.firstSocket).close();
	}

	@Test
	void closeClosesSocketsAndHandovers() throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		this.listener.add(this.first);
		this.listener.add(this.second);
		this.listener.stopListening();
		verify(this.firstSocket).close();
		verify(this.secondSocket).close();
		verify(this.first, never()).close();
		clearInvocations(this.firstSocket);
		given(this.firstSocket.isOpen()).willReturn(false);
		this.listener.close();
		verify(this.firstSocket, never()).close();
		verify(this.first).close();
		verify(this.second).close();
	}

	@Test
	void viewCountsWhatWorkersAcceptToo() throws IOException {
		given(this.sockets.sharing()).willReturn(SocketSharing.ALONE);
		this.listener.add(this.first);
		given(this.first.updateAccepting()).willReturn(this.firstSocket);
		given(this.first.accepted()).willReturn(40L);
		given(this.first.waiting()).willReturn(3L);
		given(this.firstSocket.queued()).willReturn(5);
		given(this.firstSocket.acceptConnection()).willReturn(mock(FileDescriptor.class), (FileDescriptor) null);
		this.listener.resume();
		this.listener.acceptRest();
		assertThat(this.listener.view()).isEqualTo(new ClusterView.Listener("server", "127.0.0.1", 8080, 41, 8));
	}

	private static IoRegistration registration() {
		IoRegistration registration = mock(IoRegistration.class);
		given(registration.isValid()).willReturn(true);
		return registration;
	}

	private static ListeningSocket socket() {
		ListeningSocket socket = mock(ListeningSocket.class);
		given(socket.isOpen()).willReturn(true);
		given(socket.address()).willReturn(BOUND);
		given(socket.port()).willReturn(BOUND.getPort());
		return socket;
	}

	private static Handover handover(int index) {
		Receiver receiver = mock(Receiver.class);
		given(receiver.index()).willReturn(index);
		Handover handover = mock(Handover.class);
		given(handover.receiver()).willReturn(receiver);
		given(handover.hasRoom()).willReturn(true);
		try {
			given(handover.send(any())).willReturn(true);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return handover;
	}

}
