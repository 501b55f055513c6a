package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.MasterLoop;
import io.github.clusterboot.master.loop.VirtualEventLoop;
import io.github.clusterboot.master.socket.ListeningSocket;
import io.github.clusterboot.master.socket.SynFilter;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.MockedStatic;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Acceptor} in virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class AcceptorTests {

	private static final Duration SHORTAGE_PAUSE = Duration.ofMillis(100);

	/**
	 * See {@code asm-generic/errno-base.h}.
	 */
	private final NativeIoException tooManyFiles = new NativeIoException("accept", -24);

	/**
	 * {@code ECONNABORTED} of {@code asm-generic/errno.h}.
	 */
	private final NativeIoException aborted = new NativeIoException("accept", -103);

	private final NativeTransport transport = NativeTransport.current();

	private final VirtualEventLoop loop = new VirtualEventLoop();

	private final IoRegistration registration = mock(IoRegistration.class);

	private final ListeningSocket socket = mock(ListeningSocket.class);

	private final Dispatcher dispatcher = mock(Dispatcher.class);

	private final FileDescriptor connection = mock(FileDescriptor.class);

	private final Runnable onNoRoom = mock(Runnable.class);

	private final Acceptor acceptor = new Acceptor("server", this.socket,
			new MasterLoop(this.loop, this.loop.ticker(), Clock.systemUTC()), this.dispatcher, this.onNoRoom);

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@BeforeEach
	void prepare() {
		this.loop.onRegister(() -> ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.registration));
		given(this.registration.isValid()).willReturn(true);
		given(this.socket.isOpen()).willReturn(true);
		given(this.dispatcher.hasRoom()).willReturn(true);
		given(this.dispatcher.isServed()).willReturn(true);
	}

	@AfterEach
	void awaitLog() {
		MasterLog.flush();
	}

	@Test
	void acceptWhenNothingIsWantedYetSubmitsNothing() {
		this.acceptor.open();
		verify(this.registration, never()).submit(any());
	}

	@Test
	void acceptSubmitsWhatChanges() {
		this.acceptor.open();
		this.acceptor.accept(true);
		this.acceptor.accept(true);
		verifySubmitted(true, 1);
		this.acceptor.accept(false);
		this.acceptor.accept(false);
		verifySubmitted(false, 1);
	}

	@Test
	void acceptBeforeTheSocketIsRegisteredBeginsWithThat() {
		this.acceptor.accept(true);
		verify(this.registration, never()).submit(any());
		this.acceptor.open();
		verifySubmitted(true, 1);
	}

	@Test
	void acceptWhenTheKernelRefusesItTriesAgainWithTheNextCall() {
		this.acceptor.open();
		given(this.registration.submit(any())).willThrow(new IllegalStateException("epoll_ctl failed")).willReturn(1L);
		this.acceptor.accept(true);
		this.acceptor.accept(true);
		this.acceptor.accept(true);
		verifySubmitted(true, 2);
	}

	@Test
	void acceptWhenTheRegistrationHasEndedDoesNothing() {
		this.acceptor.open();
		given(this.registration.isValid()).willReturn(false);
		this.acceptor.accept(true);
		verify(this.registration, never()).submit(any());
	}

	@Test
	void openWhenTheSocketCannotBeWatchedTriesAgain(CapturedOutput output) {
		this.loop.onRegister(() -> ImmediateEventExecutor.INSTANCE.newFailedFuture(new IOException("No space left")));
		this.acceptor.accept(true);
		this.acceptor.open();
		MasterLog.flush();
		assertThat(output).contains("Cannot watch the socket of 'server' for now");
		prepare();
		pass(Duration.ofMillis(999));
		verify(this.registration, never()).submit(any());
		pass(Duration.ofMillis(1));
		verifySubmitted(true, 1);
	}

	@Test
	void openWhenTheSocketHasBeenClosedDoesNotTryAgain() {
		this.loop.onRegister(() -> ImmediateEventExecutor.INSTANCE.newFailedFuture(new IOException("Closed")));
		given(this.socket.isOpen()).willReturn(false);
		this.acceptor.accept(true);
		this.acceptor.open();
		prepare();
		pass(Duration.ofSeconds(5));
		verify(this.registration, never()).submit(any());
	}

	@Test
	void readableDispatchesWhatIsThere() throws IOException {
		given(this.socket.acceptConnection()).willReturn(this.connection, this.connection, null);
		accepting().readable();
		verify(this.dispatcher, times(2)).dispatch(this.connection);
		verify(this.onNoRoom, never()).run();
		assertThat(this.acceptor.accepted()).isEqualTo(2);
	}

	@Test
	void readableWhenMuchIsThereLetsOthersHaveTheirTurn() throws IOException {
		given(this.socket.acceptConnection()).willReturn(this.connection);
		accepting().readable();
		verify(this.dispatcher, times(64)).dispatch(this.connection);
	}

	@Test
	void readableWhenNoWorkerHasRoomLeavesTheRestToTheKernel() throws IOException {
		given(this.socket.acceptConnection()).willReturn(this.connection);
		given(this.dispatcher.hasRoom()).willReturn(true, false);
		accepting().readable();
		verify(this.dispatcher, times(1)).dispatch(this.connection);
		verify(this.onNoRoom).run();
	}

	@Test
	void readableWhenItIsNoLongerWantedDoesNothing() throws IOException {
		accepting();
		this.acceptor.accept(false);
		this.acceptor.readable();
		verify(this.socket, never()).acceptConnection();
	}

	/**
	 * Conformance row D6.
	 */
	@Test
	void readableWhenDescriptorsAreShortPausesAndTellsItOnce(CapturedOutput output) throws IOException {
		given(this.socket.acceptConnection()).willThrow(this.tooManyFiles);
		accepting();
		clearInvocations(this.registration);
		this.acceptor.readable();
		verifySubmitted(false, 1);
		pass(SHORTAGE_PAUSE.minusMillis(1));
		verifySubmitted(true, 0);
		pass(Duration.ofMillis(1));
		verifySubmitted(true, 1);
		this.acceptor.readable();
		pass(SHORTAGE_PAUSE);
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("Cannot accept connections on 'server' for now, they wait");
	}

	@Test
	void acceptDuringAPauseWaitsForItsEnd() throws IOException {
		given(this.socket.acceptConnection()).willThrow(this.tooManyFiles);
		accepting().readable();
		clearInvocations(this.registration);
		this.acceptor.accept(true);
		verify(this.registration, never()).submit(any());
		this.acceptor.accept(false);
		pass(SHORTAGE_PAUSE);
		verify(this.registration, never()).submit(any());
	}

	@Test
	void readableWhenOneConnectionIsFaultyGoesOn() throws IOException {
		given(this.socket.acceptConnection()).willThrow(this.aborted)
			.willReturn(this.connection, (FileDescriptor) null);
		accepting().readable();
		verify(this.dispatcher).dispatch(this.connection);
		verifySubmitted(false, 0);
	}

	@Test
	void readableWhenAllConnectionsAreFaultyPauses() throws IOException {
		given(this.socket.acceptConnection()).willThrow(this.aborted);
		accepting().readable();
		verify(this.socket, times(16)).acceptConnection();
		verifySubmitted(false, 1);
	}

	@Test
	void readableWhenItFailsOtherwiseTriesAgainWithTheNextEvent(CapturedOutput output) throws IOException {
		given(this.socket.acceptConnection()).willThrow(new IOException("Closed"))
			.willReturn(this.connection, (FileDescriptor) null);
		accepting().readable();
		verify(this.dispatcher, never()).dispatch(any());
		this.acceptor.readable();
		verify(this.dispatcher).dispatch(this.connection);
		MasterLog.flush();
		assertThat(output).contains("Cannot accept a connection on 'server': Closed");
	}

	@Test
	void readableWhenAnErrorOccursPauses() throws IOException {
		given(this.socket.acceptConnection()).willThrow(new OutOfMemoryError("Java heap space"));
		accepting().readable();
		verifySubmitted(false, 1);
		pass(Duration.ofSeconds(1));
		verifySubmitted(true, 2);
	}

	@Test
	void refuseNewAttachesAFilter() throws IOException {
		try (MockedStatic<SynFilter> filter = mockStatic(SynFilter.class)) {
			this.acceptor.refuseNew();
			filter.verify(() -> SynFilter.attach(this.socket));
		}
		verify(this.socket, never()).shortenQueue();
		assertThat(this.acceptor.acceptRest()).isTrue();
		verify(this.socket, never()).close();
	}

	@Test
	void refuseNewWhenThereCanBeNoFilterClosesTheSocketWhenItIsEmpty(CapturedOutput output) throws IOException {
		refuseWithoutFilter(new IOException("setsockopt failed"));
		MasterLog.flush();
		assertThat(output).contains("the SYN filter could not be attached (setsockopt failed)");
		verify(this.socket).shortenQueue();
		given(this.socket.acceptConnection()).willReturn(this.connection, (FileDescriptor) null);
		assertThat(this.acceptor.acceptRest()).isTrue();
		verify(this.dispatcher).dispatch(this.connection);
		verify(this.socket, times(2)).stopListening();
		verify(this.socket).close();
	}

	@Test
	void refuseNewWhenTheFilterHasNoLibraryGoesOn(CapturedOutput output) throws IOException {
		refuseWithoutFilter(new NoClassDefFoundError("BpfProgram"));
		MasterLog.flush();
		assertThat(output).contains("(java.lang.NoClassDefFoundError: BpfProgram)");
		verify(this.socket).shortenQueue();
	}

	@Test
	void refuseNewWhenTheSocketWasPassedLeavesItToOthers() throws IOException {
		given(this.socket.isPassed()).willReturn(true);
		this.acceptor.refuseNew();
		verify(this.socket).close();
		verify(this.socket, never()).stopListening();
	}

	private void refuseWithoutFilter(Throwable failure) {
		try (MockedStatic<SynFilter> filter = mockStatic(SynFilter.class)) {
			filter.when(() -> SynFilter.attach(any())).thenThrow(failure);
			this.acceptor.refuseNew();
		}
	}

	@Test
	void acceptRestWhenTheSocketIsClosedHasNothingLeft() throws IOException {
		given(this.socket.isOpen()).willReturn(false);
		assertThat(this.acceptor.acceptRest()).isTrue();
		verify(this.socket, never()).acceptConnection();
	}

	@Test
	void acceptRestWhenNoWorkerListensHasNothingThatCouldBeServed() {
		given(this.dispatcher.isServed()).willReturn(false);
		assertThat(this.acceptor.acceptRest()).isTrue();
	}

	@Test
	void acceptRestWhenNoWorkerHasRoomHasSomethingLeft() throws IOException {
		given(this.dispatcher.hasRoom()).willReturn(false);
		assertThat(this.acceptor.acceptRest()).isFalse();
		verify(this.socket, never()).acceptConnection();
	}

	@Test
	void acceptRestWhenMuchIsThereHasSomethingLeft() throws IOException {
		given(this.socket.acceptConnection()).willReturn(this.connection);
		assertThat(this.acceptor.acceptRest()).isFalse();
		verify(this.dispatcher, times(64)).dispatch(this.connection);
	}

	@Test
	void acceptRestWhenDescriptorsAreShortHasSomethingLeft() throws IOException {
		refuseWithoutFilter(new IOException("setsockopt failed"));
		given(this.socket.acceptConnection()).willThrow(this.tooManyFiles);
		assertThat(this.acceptor.acceptRest()).isFalse();
		verify(this.socket, never()).close();
	}

	@Test
	void closeStopsListeningAndForgetsTheSocket() throws IOException {
		accepting().close();
		verify(this.socket).stopListening();
		verify(this.registration).cancel();
		verify(this.socket).close();
		given(this.socket.isOpen()).willReturn(false);
		this.acceptor.close();
		verify(this.socket, times(1)).close();
	}

	@Test
	void closeWhenTheSocketWasNeverWatchedClosesIt() throws IOException {
		this.acceptor.close();
		verify(this.registration, never()).cancel();
		verify(this.socket).close();
	}

	@Test
	void closeWhenItCannotStopListeningGoesOn(CapturedOutput output) throws IOException {
		willThrow(new IOException("shutdown failed")).given(this.socket).stopListening();
		given(this.registration.cancel()).willThrow(new IllegalStateException("Cancelled"));
		accepting().close();
		verify(this.socket).close();
		MasterLog.flush();
		assertThat(output).contains("Cannot stop listening on 'server': shutdown failed");
	}

	private Acceptor accepting() {
		this.acceptor.open();
		this.acceptor.accept(true);
		return this.acceptor;
	}

	private void verifySubmitted(boolean wanted, int count) {
		verify(this.registration, times(count)).submit(this.transport.readInterest(wanted));
	}

	private void pass(Duration time) {
		this.loop.advance(time.toNanos());
	}

}
