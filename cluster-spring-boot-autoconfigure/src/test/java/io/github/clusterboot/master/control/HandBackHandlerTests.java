package io.github.clusterboot.master.control;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.master.dispatch.Listener;
import io.github.clusterboot.master.supervise.WorkerHandle;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link HandBackHandler}.
 */
class HandBackHandlerTests {

	/**
	 * See {@code asm-generic/errno-base.h}.
	 */
	private static final int ENOMEM = 12;

	private final Listener listener = mock(Listener.class);

	private final WorkerMessages messages = mock(WorkerMessages.class);

	private final Socket socket = mock(Socket.class);

	private final EmbeddedChannel channel = new EmbeddedChannel();

	@BeforeAll
	static void loadTransport() {
		// a spare descriptor is looked for
		NativeTransport.load();
	}

	@AfterEach
	void close() {
		this.channel.close();
	}

	@Test
	void handlerDispatchesWhatIsThereAndLooksAgain() throws IOException {
		given(this.socket.recvFd()).willReturn(1_000_001, 1_000_002, 0, 1_000_003, 0);
		open(true);
		pass(5);
		verify(this.listener).dispatch(new FileDescriptor(1_000_001));
		verify(this.listener).dispatch(new FileDescriptor(1_000_002));
		verify(this.listener, never()).dispatch(new FileDescriptor(1_000_003));
		pass(5);
		verify(this.listener).dispatch(new FileDescriptor(1_000_003));
		verify(this.messages, never()).room();
	}

	@Test
	void handlerWhenThereIsNoRoomReceivesNothingUntilThereIs() throws IOException {
		given(this.socket.recvFd()).willReturn(1_000_001, 0);
		open(false);
		pass(100);
		verify(this.socket, never()).recvFd();
		verify(this.messages, atLeastOnce()).room();
		given(this.listener.hasRoom()).willReturn(true);
		pass(5);
		verify(this.listener).dispatch(new FileDescriptor(1_000_001));
	}

	@Test
	void handlerWhenTheStreamHasEndedClosesTheChannel() throws IOException {
		given(this.socket.recvFd()).willReturn(-1);
		open(true);
		pass(5);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void handlerWhenTheChannelIsBrokenClosesIt() throws IOException {
		given(this.socket.recvFd()).willThrow(new IOException("Broken"));
		open(true);
		pass(5);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void handlerWhenTheKernelIsShortOfSomethingTriesAgain() throws IOException {
		given(this.socket.recvFd()).willThrow(new NativeIoException("recvmsg", -ENOMEM)).willReturn(1_000_001, 0);
		open(true);
		pass(5);
		assertThat(this.channel.isOpen()).isTrue();
		pass(5);
		verify(this.listener).dispatch(new FileDescriptor(1_000_001));
	}

	@Test
	void channelReadDispatchesTheRestThatNettyHasRead() {
		open(false);
		this.channel.writeInbound(new FileDescriptor(1_000_001));
		verify(this.listener).dispatch(new FileDescriptor(1_000_001));
	}

	@Test
	void channelReadWhenItIsNoDescriptorClosesTheChannel() {
		open(true);
		this.channel.writeInbound("nonsense");
		assertThat(this.channel.isOpen()).isFalse();
		verify(this.listener, never()).dispatch(any());
	}

	@Test
	void channelInactiveEndsTheWaitingForRoom() throws IOException {
		open(false);
		this.channel.close();
		given(this.listener.hasRoom()).willReturn(true);
		pass(100);
		verify(this.socket, never()).recvFd();
	}

	private void open(boolean room) {
		given(this.listener.hasRoom()).willReturn(room);
		this.channel.freezeTime();
		this.channel.pipeline()
			.addLast(new HandBackHandler(mock(WorkerHandle.class), this.listener, this.messages, this.socket));
	}

	private void pass(long millis) {
		for (int i = 0; i < millis; i++) {
			this.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
			this.channel.runScheduledPendingTasks();
		}
	}

}
