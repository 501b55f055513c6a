package io.github.clusterboot.master;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link HandBackHandler}.
 */
class HandBackHandlerTests {

	private final Dispatcher dispatcher = mock(Dispatcher.class);

	private final WorkerMessages messages = mock(WorkerMessages.class);

	private final FileDescriptor connection = new FileDescriptor(1_000_000);

	private int reads;

	private EmbeddedChannel channel = new EmbeddedChannel();

	@AfterEach
	void close() {
		this.channel.close();
	}

	@Test
	void channelReadDispatchesTheConnectionAndReadsTheNext() {
		open(true);
		assertThat(this.reads).isOne();
		this.channel.writeInbound(this.connection);
		verify(this.dispatcher).dispatch(this.connection);
		verify(this.messages, never()).room();
		assertThat(this.reads).isEqualTo(2);
	}

	@Test
	void channelReadWhenThereIsNoRoomReadsNothingUntilThereIs() {
		open(false);
		pass(100);
		assertThat(this.reads).isZero();
		given(this.dispatcher.hasRoom()).willReturn(true);
		pass(100);
		assertThat(this.reads).isOne();
		pass(100);
		assertThat(this.reads).isOne();
	}

	@Test
	void channelReadWhenTheRoomIsGoneAsksToBeToldOfRoom() {
		open(true);
		given(this.dispatcher.hasRoom()).willReturn(false);
		this.channel.writeInbound(this.connection);
		verify(this.dispatcher).dispatch(this.connection);
		verify(this.messages).room();
		assertThat(this.reads).isOne();
	}

	@Test
	void channelReadWhenItIsNoDescriptorClosesTheChannel() {
		open(true);
		this.channel.writeInbound("nonsense");
		assertThat(this.channel.isOpen()).isFalse();
		verify(this.dispatcher, never()).dispatch(any());
	}

	@Test
	void channelInactiveEndsTheWaitingForRoom() {
		open(false);
		this.channel.close();
		given(this.dispatcher.hasRoom()).willReturn(true);
		pass(100);
		assertThat(this.reads).isZero();
	}

	private void open(boolean room) {
		given(this.dispatcher.hasRoom()).willReturn(room);
		Listener listener = mock(Listener.class);
		given(listener.dispatcher()).willReturn(this.dispatcher);
		this.channel.config().setAutoRead(false);
		this.channel.freezeTime();
		this.channel.pipeline().addLast(new ReadCounter());
		this.channel.pipeline().addLast(new HandBackHandler(mock(WorkerHandle.class), listener, this.messages));
	}

	private void pass(long millis) {
		for (int i = 0; i < millis; i++) {
			this.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
			this.channel.runScheduledPendingTasks();
		}
	}

	private final class ReadCounter extends ChannelOutboundHandlerAdapter {

		@Override
		public void read(ChannelHandlerContext context) {
			HandBackHandlerTests.this.reads++;
		}

	}

}
