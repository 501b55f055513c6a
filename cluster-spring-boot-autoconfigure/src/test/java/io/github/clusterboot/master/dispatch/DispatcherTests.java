package io.github.clusterboot.master.dispatch;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.os.NativeTransport;
import io.github.clusterboot.os.SpareDescriptor;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.MockedStatic;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Dispatcher}, which is given connections that are not open.
 */
@ExtendWith(OutputCaptureExtension.class)
class DispatcherTests {

	/**
	 * Far above the limit of any process.
	 */
	private static final int FIRST_DESCRIPTOR = 1_500_000_000;

	/**
	 * See {@code asm-generic/errno-base.h}: invalid argument, as nothing is known to give
	 * it here.
	 */
	private final NativeIoException refused = new NativeIoException("sendmsg", -22);

	/**
	 * See {@code asm-generic/errno-base.h}.
	 */
	private final NativeIoException brokenPipe = new NativeIoException("sendmsg", -32);

	private final Dispatcher dispatcher = new Dispatcher(new RoundRobinScheduler());

	private final Map<Handover, List<FileDescriptor>> sent = new HashMap<>();

	private final Map<Handover, Deque<FileDescriptor>> waiting = new HashMap<>();

	private final Handover first = handover("worker 1");

	private final Handover second = handover("worker 2");

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@AfterEach
	void awaitLog() {
		MasterLog.flush();
	}

	@Test
	void dispatchHandsOverInTurn() {
		addBoth();
		dispatch(1, 2, 3);
		assertThat(this.sent.get(this.first)).containsExactly(connection(1), connection(3));
		assertThat(this.sent.get(this.second)).containsExactly(connection(2));
		assertThat(this.dispatcher.hasRoom()).isTrue();
	}

	@Test
	void dispatchWhenThereIsNoWorkerKeepsTheConnection() {
		assertThat(this.dispatcher.isServed()).isFalse();
		assertThat(this.dispatcher.hasRoom()).isFalse();
		dispatch(1);
		assertThat(this.dispatcher.waiting()).isOne();
		this.dispatcher.add(this.first);
		assertThat(this.dispatcher.isServed()).isTrue();
		this.dispatcher.handOverWaiting();
		assertThat(this.sent.get(this.first)).containsExactly(connection(1));
		assertThat(this.dispatcher.waiting()).isZero();
	}

	@Test
	void dispatchWhenNoWorkerHasRoomKeepsTheOrder() throws IOException {
		addBoth();
		given(this.first.hasRoom()).willReturn(false);
		given(this.second.hasRoom()).willReturn(false);
		assertThat(this.dispatcher.hasRoom()).isFalse();
		dispatch(1, 2, 3);
		verify(this.first, never()).send(any());
		assertThat(this.dispatcher.waiting()).isEqualTo(3);
		given(this.second.hasRoom()).willReturn(true);
		assertThat(this.dispatcher.hasRoom()).as("room that others wait for").isFalse();
		this.dispatcher.handOverWaiting();
		assertThat(this.sent.get(this.second)).containsExactly(connection(1), connection(2), connection(3));
		assertThat(this.dispatcher.hasRoom()).isTrue();
	}

	@Test
	void dispatchWhenTheKernelIsShortOfSomethingWaits() throws IOException {
		addBoth();
		given(this.first.send(any())).willReturn(false);
		dispatch(1);
		assertThat(this.dispatcher.waiting()).isOne();
		verify(this.first, times(1)).send(any());
		verify(this.second, never()).send(any());
		assertThat(this.dispatcher.checkStalled()).as("a shortage ends without telling").isTrue();
		assertThat(this.sent.get(this.second)).containsExactly(connection(1));
	}

	@Test
	void dispatchWhenTheQueueOfOneIsFullGoesToAnother() throws IOException {
		addBoth();
		given(this.first.send(any())).willAnswer((call) -> {
			given(this.first.hasRoom()).willReturn(false);
			return false;
		});
		dispatch(1);
		assertThat(this.sent.get(this.second)).containsExactly(connection(1));
	}

	@Test
	void dispatchWhenAHandoverIsBrokenGoesToAnotherWithWhatWaitedThere() throws IOException {
		addBoth();
		waitIn(this.first, 7, 8);
		given(this.first.send(any())).willThrow(this.brokenPipe);
		dispatch(1);
		assertThat(this.sent.get(this.second)).containsExactly(connection(1), connection(7), connection(8));
		assertThat(this.dispatcher.all()).containsExactly(this.second);
		verify(this.first).close();
	}

	@Test
	void dispatchWhenAHandoverIsBrokenInAnotherWayForgetsItToo() throws IOException {
		addBoth();
		given(this.first.send(any())).willThrow(new IOException("Closed"));
		dispatch(1);
		assertThat(this.dispatcher.all()).containsExactly(this.second);
		verify(this.first).close();
	}

	@Test
	void dispatchWhenAllHandoversAreBrokenKeepsEverything() throws IOException {
		addBoth();
		waitIn(this.first, 7);
		waitIn(this.second, 8);
		given(this.first.send(any())).willThrow(this.brokenPipe);
		given(this.second.send(any())).willThrow(this.brokenPipe);
		dispatch(1);
		assertThat(this.dispatcher.all()).isEmpty();
		assertThat(this.dispatcher.waiting()).isEqualTo(3);
		Handover third = handover("worker 3");
		this.dispatcher.add(third);
		this.dispatcher.handOverWaiting();
		assertThat(this.sent.get(third)).containsExactly(connection(1), connection(7), connection(8));
	}

	@Test
	void dispatchWhenTheKernelRefusesOneWorkerPassesItOver(CapturedOutput output) throws IOException {
		addBoth();
		given(this.first.passOver()).willAnswer((call) -> {
			given(this.first.hasRoom()).willReturn(false);
			return true;
		}).willReturn(false);
		given(this.first.send(any())).willThrow(this.refused);
		dispatch(1);
		assertThat(this.sent.get(this.second)).containsExactly(connection(1));
		assertThat(this.dispatcher.all()).containsExactly(this.first, this.second);
		verify(this.first, never()).close();
		given(this.first.hasRoom()).willReturn(true);
		given(this.second.hasRoom()).willReturn(false);
		dispatch(2);
		assertThat(this.dispatcher.waiting()).isOne();
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("worker 1 is passed over until the kernel lets it be sent connections");
	}

	@Test
	void takeBackHandsOverWhatWaitedButKeepsTheHandover() throws IOException {
		addBoth();
		waitIn(this.first, 7, 8);
		given(this.first.hasRoom()).willReturn(false);
		this.dispatcher.takeBack(this.first.receiver());
		assertThat(this.sent.get(this.second)).containsExactly(connection(7), connection(8));
		assertThat(this.dispatcher.all()).containsExactly(this.first, this.second);
		verify(this.first, never()).close();
		verify(this.second, never()).takeBack();
	}

	@Test
	void removeHandsOverWhatWaitedAndClosesTheHandover() throws IOException {
		addBoth();
		waitIn(this.first, 7);
		this.dispatcher.remove(this.first.receiver());
		assertThat(this.sent.get(this.second)).containsExactly(connection(7));
		assertThat(this.dispatcher.all()).containsExactly(this.second);
		verify(this.first).close();
	}

	@Test
	void removeWhenTheHandoverHasBeenRemovedDoesNothing() throws IOException {
		addBoth();
		given(this.first.accepted()).willReturn(5L);
		this.dispatcher.remove(this.first);
		this.dispatcher.remove(this.first);
		this.dispatcher.remove(this.first.receiver());
		verify(this.first, times(1)).close();
		verify(this.first, times(1)).takeBack();
		assertThat(this.dispatcher.acceptedByWorkers()).isEqualTo(5);
	}

	@Test
	void addWhenTheWorkerHasAnotherHandoverReplacesIt() throws IOException {
		Handover newer = handover("worker 1");
		Receiver worker = this.first.receiver();
		given(newer.receiver()).willReturn(worker);
		addBoth();
		waitIn(this.first, 7);
		this.dispatcher.add(newer);
		assertThat(this.dispatcher.all()).containsExactly(this.second, newer);
		assertThat(this.sent.get(this.second)).containsExactly(connection(7));
		verify(this.first).close();
	}

	/**
	 * The kernel would drop what is received without room for it.
	 */
	@Test
	void removeWhenThereIsNoSpareDescriptorTakesBackLater() throws IOException {
		addBoth();
		waitIn(this.first, 7, 8);
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			spare.when(SpareDescriptor::isAvailable).thenReturn(true, false);
			this.dispatcher.remove(this.first);
			assertThat(this.sent.get(this.second)).containsExactly(connection(7));
			verify(this.first, never()).close();
			spare.when(SpareDescriptor::isAvailable).thenReturn(false);
			assertThat(this.dispatcher.checkStalled()).isTrue();
			assertThat(this.sent.get(this.second)).hasSize(1);
		}
		assertThat(this.dispatcher.checkStalled()).isTrue();
		assertThat(this.sent.get(this.second)).containsExactly(connection(7), connection(8));
		verify(this.first).close();
		assertThat(this.dispatcher.checkStalled()).isFalse();
	}

	@Test
	void takeBackWhenTheKernelRefusesItTriesAgainAndTellsOnce(CapturedOutput output) throws IOException {
		addBoth();
		given(this.first.hasRoom()).willReturn(false);
		given(this.first.takeBack()).willThrow(this.refused);
		this.dispatcher.takeBack(this.first.receiver());
		assertThat(this.dispatcher.checkStalled()).isTrue();
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("Cannot take back what waits in the");
		willReturn(connection(7), (FileDescriptor) null).given(this.first).takeBack();
		assertThat(this.dispatcher.checkStalled()).isTrue();
		assertThat(this.sent.get(this.second)).containsExactly(connection(7));
		assertThat(this.dispatcher.checkStalled()).isFalse();
	}

	/**
	 * With one spare descriptor, what is taken back and sent again would go round for
	 * ever.
	 */
	@Test
	void takeBackWhenTheWorkerServesAgainLeavesItWhatWaits() throws IOException {
		addBoth();
		given(this.first.takeBack()).willThrow(this.refused);
		this.dispatcher.takeBack(this.first.receiver());
		given(this.first.isServed()).willReturn(true);
		this.dispatcher.handOverWaiting();
		assertThat(this.dispatcher.checkStalled()).isFalse();
		verify(this.first, times(1)).takeBack();
	}

	@Test
	void removeWhenWhatWaitsCannotBeTakenBackForgetsIt() throws IOException {
		addBoth();
		given(this.first.takeBack()).willThrow(this.brokenPipe);
		given(this.second.takeBack()).willThrow(new IOException("Closed"));
		this.dispatcher.remove(this.first);
		this.dispatcher.remove(this.second);
		verify(this.first).close();
		verify(this.second).close();
		assertThat(this.dispatcher.checkStalled()).isFalse();
	}

	@Test
	void removeWhenTheHandoverCannotBeClosedGoesOn() throws IOException {
		addBoth();
		waitIn(this.first, 7);
		willThrow(new IOException("close failed")).given(this.first).close();
		this.dispatcher.remove(this.first);
		assertThat(this.sent.get(this.second)).containsExactly(connection(7));
		assertThat(this.dispatcher.checkStalled()).isFalse();
	}

	@Test
	void checkStalledWhenAWorkerStallsTakesBackWhatWaits() throws IOException {
		addBoth();
		waitIn(this.first, 7);
		assertThat(this.dispatcher.checkStalled()).isFalse();
		given(this.first.isStalling()).willReturn(true, false);
		given(this.first.hasRoom()).willReturn(false);
		assertThat(this.dispatcher.checkStalled()).isTrue();
		assertThat(this.sent.get(this.second)).containsExactly(connection(7));
		assertThat(this.dispatcher.all()).contains(this.first);
		verify(this.first, never()).close();
		assertThat(this.dispatcher.checkStalled()).isFalse();
	}

	@Test
	void checkStalledWhenAWorkerRecoversLeavesItWhatStillWaits() throws IOException {
		addBoth();
		waitIn(this.first, 7);
		given(this.first.hasRoom()).willReturn(false);
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			spare.when(SpareDescriptor::isAvailable).thenReturn(false);
			given(this.first.isStalling()).willReturn(true, false);
			this.dispatcher.checkStalled();
		}
		given(this.first.isRecovering()).willReturn(true, false);
		assertThat(this.dispatcher.checkStalled()).isTrue();
		assertThat(this.sent.get(this.second)).isEmpty();
		verify(this.first, never()).takeBack();
		assertThat(this.dispatcher.checkStalled()).isFalse();
	}

	@Test
	void checkStalledWhenAWorkerWasPassedOverTriesItAgain() {
		this.dispatcher.add(this.first);
		given(this.first.hasRoom()).willReturn(false);
		dispatch(1);
		given(this.first.tryAgain()).willAnswer((call) -> {
			given(this.first.hasRoom()).willReturn(true);
			return true;
		});
		assertThat(this.dispatcher.checkStalled()).isTrue();
		assertThat(this.sent.get(this.first)).containsExactly(connection(1));
	}

	@Test
	void countsAreThoseOfAllHandovers() {
		addBoth();
		given(this.first.waiting()).willReturn(3L);
		given(this.second.waiting()).willReturn(4L);
		given(this.first.accepted()).willReturn(10L);
		given(this.second.accepted()).willReturn(20L);
		assertThat(this.dispatcher.waiting()).isEqualTo(7);
		assertThat(this.dispatcher.acceptedByWorkers()).isEqualTo(30);
		this.dispatcher.remove(this.first);
		assertThat(this.dispatcher.acceptedByWorkers()).isEqualTo(30);
	}

	@Test
	void closeClosesEverything() throws IOException {
		addBoth();
		FileDescriptor accepted = FileDescriptor.from("/dev/null");
		FileDescriptor waiting = FileDescriptor.from("/dev/null");
		given(this.first.hasRoom()).willReturn(false);
		given(this.second.hasRoom()).willReturn(false);
		this.dispatcher.dispatch(accepted);
		dispatch(1);
		this.waiting.get(this.second).add(waiting);
		this.dispatcher.close();
		assertThat(accepted.isOpen()).isFalse();
		assertThat(waiting.isOpen()).isFalse();
		verify(this.first).close();
		verify(this.second).close();
		assertThat(this.dispatcher.waiting()).isZero();
		assertThat(this.dispatcher.isServed()).isFalse();
	}

	@Test
	void closeWhenThereIsNoSpareDescriptorClosesTheHandovers() throws IOException {
		addBoth();
		waitIn(this.first, 7);
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			spare.when(SpareDescriptor::isAvailable).thenReturn(false);
			this.dispatcher.close();
		}
		verify(this.first).close();
		verify(this.second).close();
		assertThat(this.dispatcher.checkStalled()).isFalse();
	}

	private void addBoth() {
		this.dispatcher.add(this.first);
		this.dispatcher.add(this.second);
	}

	private void dispatch(int... numbers) {
		for (int number : numbers) {
			this.dispatcher.dispatch(connection(number));
		}
	}

	private void waitIn(Handover handover, int... numbers) {
		for (int number : numbers) {
			this.waiting.get(handover).add(connection(number));
		}
	}

	private static FileDescriptor connection(int number) {
		return new FileDescriptor(FIRST_DESCRIPTOR + number);
	}

	private Handover handover(String worker) {
		Receiver receiver = mock(Receiver.class);
		given(receiver.toString()).willReturn(worker);
		Handover handover = mock(Handover.class);
		List<FileDescriptor> sent = new ArrayList<>();
		Deque<FileDescriptor> waiting = new ArrayDeque<>();
		this.sent.put(handover, sent);
		this.waiting.put(handover, waiting);
		given(handover.receiver()).willReturn(receiver);
		given(handover.hasRoom()).willReturn(true);
		try {
			given(handover.send(any())).willAnswer((call) -> sent.add(call.getArgument(0)));
			given(handover.takeBack()).willAnswer((call) -> waiting.poll());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return handover;
	}

}
