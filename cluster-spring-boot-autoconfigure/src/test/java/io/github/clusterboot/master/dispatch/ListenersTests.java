package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.VirtualEventLoop;
import io.github.clusterboot.master.socket.ListenException;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.PassedSockets;
import io.github.clusterboot.master.socket.SocketSharing;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.InOrder;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Listeners}, which listen on real sockets.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenersTests {

	private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 0);

	private final VirtualEventLoop loop = new VirtualEventLoop();

	private final Scoreboard scoreboard = mock(Scoreboard.class);

	private final PassedSockets passed = mock(PassedSockets.class);

	private final List<String> told = new ArrayList<>();

	private @Nullable Error failure;

	private Listeners listeners = listeners(Scheduling.ROUND_ROBIN);

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	private Listeners listeners(Scheduling scheduling) {
		IoRegistration registration = mock(IoRegistration.class);
		this.loop.onRegister(() -> ImmediateEventExecutor.INSTANCE.newSucceededFuture(registration));
		return new Listeners(scheduling, 10, new MasterLoop(this.loop, this.loop.ticker(), Clock.systemUTC()),
				this.scoreboard, this.passed, this::tell);
	}

	private void tell(String listener, int port) {
		if (this.failure != null) {
			throw this.failure;
		}
		this.told.add(listener + " at " + port);
	}

	@AfterEach
	void close() {
		this.listeners.close();
		MasterLog.flush();
	}

	@Test
	void listenOpensASocketAndTellsIt() throws IOException {
		Listener listener = this.listeners.listen("server", LOOPBACK);
		assertThat(listener.socket().isOpen()).isTrue();
		assertThat(listener.ordinal()).isZero();
		assertThat(this.told).containsExactly("server at " + listener.socket().port());
		assertThat(this.listeners.get("server")).isSameAs(listener);
		assertThat(this.listeners.get("management")).isNull();
		assertThat(this.listeners.views())
			.containsExactly(new ClusterView.Listener("server", "127.0.0.1", listener.socket().port(), 0, 0));
		assertThat(this.listeners.listen("management", LOOPBACK).ordinal()).isOne();
	}

	@Test
	void listenWhenTheListenerIsThereSharesIt() throws IOException {
		Listener listener = this.listeners.listen("server", LOOPBACK);
		assertThat(this.listeners.listen("server", LOOPBACK)).isSameAs(listener);
		assertThat(this.told).hasSize(1);
	}

	@Test
	void listenWhenAnotherAddressIsAskedForThrowsException() throws IOException {
		this.listeners.listen("server", LOOPBACK);
		InetSocketAddress other = new InetSocketAddress("127.0.0.2", 0);
		assertThatExceptionOfType(ListenException.class).isThrownBy(() -> this.listeners.listen("server", other))
			.withMessageContaining("The listener 'server' is bound to /127.0.0.1:0 in this cluster")
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(ListenException.Reason.OTHER));
	}

	@Test
	void listenWhenThereAreTooManyThrowsException() throws IOException {
		for (int i = 1; i <= Scoreboard.MAX_LISTENERS; i++) {
			this.listeners.listen("server-" + i, LOOPBACK);
		}
		assertThatExceptionOfType(ListenException.class).isThrownBy(() -> this.listeners.listen("server-9", LOOPBACK))
			.withMessage("A cluster can have 8 listeners at the most");
	}

	@Test
	void listenWhenTheObserverFailsListensAllTheSame() throws IOException {
		this.failure = new InternalError("a fault occurred");
		assertThat(this.listeners.listen("server", LOOPBACK).socket().isOpen()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void listenWhenASocketWasPassedUsesItWhateverAddressIsAskedFor(Scheduling scheduling, CapturedOutput output)
			throws IOException {
		this.listeners = listeners(scheduling);
		ListeningSocket socket = passedSocket();
		given(this.passed.take("server", LOOPBACK)).willReturn(socket);
		Listener listener = this.listeners.listen("server", LOOPBACK);
		assertThat(listener.socket()).isSameAs(socket);
		assertThat(listener.sharing()).isEqualTo(SocketSharing.NONE);
		assertThat(this.listeners.listen("server", new InetSocketAddress("127.0.0.3", 80))).isSameAs(listener);
		MasterLog.flush();
		boolean lent = scheduling == Scheduling.SHARED || scheduling == Scheduling.REUSE_PORT;
		assertThat(output.getOut().contains("'cluster.scheduling' does not apply to it")).isEqualTo(lent);
		assertThat(output).contains("Listening on port 8080 ('server', 127.0.0.1, passed socket)");
	}

	private static ListeningSocket passedSocket() {
		ListeningSocket socket = mock(ListeningSocket.class);
		given(socket.isOpen()).willReturn(true);
		given(socket.isPassed()).willReturn(true);
		given(socket.address()).willReturn(new InetSocketAddress("127.0.0.1", 8080));
		given(socket.port()).willReturn(8080);
		return socket;
	}

	@Test
	void reportUnservedTellsWhichPassedSocketsAreLeft(CapturedOutput output) {
		given(this.passed.unused()).willReturn(List.of("'web' (descriptor 4)"));
		this.listeners.reportUnserved();
		MasterLog.flush();
		assertThat(output)
			.contains("No listener uses the passed socket 'web' (descriptor 4): connections to it are not served");
	}

	@Test
	void listenersTellWhatIsWrongWithPassedSockets(CapturedOutput output) {
		given(this.passed.problem()).willReturn("No passed socket is used: 'x', the value of LISTEN_FDS");
		listeners(Scheduling.ROUND_ROBIN);
		MasterLog.flush();
		assertThat(output).contains("No passed socket is used: 'x', the value of LISTEN_FDS");
	}

	@Test
	void resumeWhenNobodyListensWantsNoRoom() throws IOException {
		this.listeners.listen("server", LOOPBACK);
		this.listeners.resume();
		verify(this.scoreboard).wantRoom(false);
		verify(this.scoreboard, never()).wantRoom(true);
	}

	@Test
	void resumeWhenAWorkerHasRoomWantsNoMore() throws IOException {
		this.listeners.listen("server", LOOPBACK).add(handover(true));
		this.listeners.resume();
		verify(this.scoreboard).wantRoom(false);
		verify(this.scoreboard, never()).wantRoom(true);
	}

	@Test
	void resumeWhenNoWorkerHasRoomAsksToBeTold() throws IOException {
		Handover handover = handover(false);
		this.listeners.listen("server", LOOPBACK).add(handover);
		this.listeners.resume();
		verify(this.scoreboard).wantRoom(true);
		verify(this.scoreboard, never()).wantRoom(false);
	}

	/**
	 * A connection may be taken between the look that found no room and the request to be
	 * told.
	 */
	@Test
	void resumeWhenThereIsRoomAfterAllTakesTheRequestBack() throws IOException {
		Handover handover = handover(false);
		this.listeners.listen("server", LOOPBACK).add(handover);
		willAnswer((call) -> {
			given(handover.hasRoom()).willReturn(true);
			return null;
		}).given(this.scoreboard).wantRoom(true);
		this.listeners.resume();
		InOrder inOrder = inOrder(this.scoreboard);
		inOrder.verify(this.scoreboard).wantRoom(true);
		inOrder.verify(this.scoreboard).wantRoom(false);
	}

	@Test
	void resumeWhenOneListenerFailsGoesOnWithTheOthers() throws IOException {
		Handover failing = handover(true);
		Handover other = handover(true);
		this.listeners.listen("server", LOOPBACK).add(failing);
		this.listeners.listen("management", LOOPBACK).add(other);
		given(failing.hasRoom()).willThrow(new InternalError("a fault occurred"));
		clearInvocations(other);
		this.listeners.resume();
		verify(other, atLeastOnce()).hasRoom();
		verify(this.scoreboard).wantRoom(true);
	}

	@Test
	void takeBackAndRemoveConcernAllListeners() throws IOException {
		Handover first = handover(true);
		Handover second = handover(true);
		Receiver worker = first.receiver();
		given(second.receiver()).willReturn(worker);
		this.listeners.listen("server", LOOPBACK).add(first);
		this.listeners.listen("management", LOOPBACK).add(second);
		this.listeners.takeBack(worker);
		verify(first).takeBack();
		verify(second).takeBack();
		this.listeners.remove(worker);
		verify(first).close();
		verify(second).close();
		assertThat(this.listeners.get("server").isServed()).isFalse();
	}

	@Test
	void checkStalledWhenSomethingHasChangedResumes() throws IOException {
		Handover handover = handover(true);
		this.listeners.listen("server", LOOPBACK).add(handover);
		this.listeners.checkStalled();
		verify(this.scoreboard, never()).wantRoom(false);
		given(handover.tryAgain()).willReturn(true);
		this.listeners.checkStalled();
		verify(this.scoreboard).wantRoom(false);
	}

	@Test
	void acceptRestWhenAllIsTakenIsTrue() throws IOException {
		assertThat(this.listeners.acceptRest()).isTrue();
		Handover handover = handover(true);
		this.listeners.listen("server", LOOPBACK).add(handover);
		assertThat(this.listeners.acceptRest()).isTrue();
		given(handover.waiting()).willReturn(1L);
		assertThat(this.listeners.waiting()).isOne();
		assertThat(this.listeners.acceptRest()).isFalse();
	}

	@Test
	void acceptRestWhenNoWorkerHasRoomIsFalse() throws IOException {
		this.listeners.listen("server", LOOPBACK).add(handover(false));
		assertThat(this.listeners.acceptRest()).isFalse();
	}

	@Test
	void refuseNewLetsWhatHasBegunBeAccepted() throws IOException {
		Handover handover = handover(true);
		Listener listener = this.listeners.listen("server", LOOPBACK);
		listener.add(handover);
		try (java.net.Socket client = new java.net.Socket()) {
			client.connect(listener.socket().address());
			this.listeners.refuseNew();
			assertThat(this.listeners.acceptRest()).isTrue();
			verify(handover).send(any(FileDescriptor.class));
		}
	}

	@Test
	void stopListeningClosesTheSockets() throws IOException {
		Listener listener = this.listeners.listen("server", LOOPBACK);
		this.listeners.stopListening();
		assertThat(listener.socket().isOpen()).isFalse();
	}

	private static Handover handover(boolean room) {
		Receiver receiver = mock(Receiver.class);
		Handover handover = mock(Handover.class);
		given(handover.receiver()).willReturn(receiver);
		given(handover.hasRoom()).willReturn(room);
		try {
			given(handover.send(any())).willAnswer((call) -> {
				call.<FileDescriptor>getArgument(0).close();
				return true;
			});
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return handover;
	}

}
