package io.github.clusterboot.master.control;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FrameDecoder}.
 */
class FrameDecoderTests {

	private static final Message.Readiness MESSAGE = new Message.Readiness(true);

	private final List<Throwable> failures = new ArrayList<>();

	private final EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(), new ChannelInboundHandlerAdapter() {

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			FrameDecoderTests.this.failures.add(cause);
			context.close();
		}

	});

	FrameDecoderTests() {
		this.channel.freezeTime();
	}

	@AfterEach
	void close() {
		this.channel.finishAndReleaseAll();
	}

	@Test
	void decodeWhenFramesComeTogetherReturnsEachMessage() throws IOException {
		byte[] first = FrameCodec.encode(MESSAGE);
		byte[] second = FrameCodec.encode(new Message.Draining(false));
		this.channel.writeInbound(Unpooled.wrappedBuffer(first, second));
		assertThat(this.channel.<Message>readInbound()).isEqualTo(MESSAGE);
		assertThat(this.channel.<Message>readInbound()).isEqualTo(new Message.Draining(false));
		assertThat(this.failures).isEmpty();
	}

	@Test
	void decodeWhenAFrameComesByteByByteReturnsTheMessage() throws IOException {
		for (byte one : FrameCodec.encode(MESSAGE)) {
			assertThat(this.channel.<Message>readInbound()).isNull();
			this.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] { one }));
		}
		assertThat(this.channel.<Message>readInbound()).isEqualTo(MESSAGE);
		assertThat(this.failures).isEmpty();
	}

	/**
	 * Conformance row M1.
	 */
	@Test
	void decodeWhenTheFrameIsTooLongFailsBeforeItHasCome() {
		this.channel.writeInbound(Unpooled.buffer().writeInt(FrameCodec.MAX_LENGTH + 1));
		assertThat(this.failures).hasSize(1);
	}

	/**
	 * Conformance row M1.
	 */
	@Test
	void decodeWhenTheLengthIsNegativeFails() {
		this.channel.writeInbound(Unpooled.buffer().writeInt(-1));
		assertThat(this.failures).hasSize(1);
	}

	/**
	 * Conformance row M1.
	 */
	@Test
	void decodeWhenTheFrameIsEmptyFails() {
		this.channel.writeInbound(Unpooled.buffer().writeInt(0));
		assertThat(this.failures).hasSize(1);
	}

	/**
	 * Conformance row M1.
	 */
	@Test
	void decodeWhenTheMessageIsOneOfTheMasterFails() throws IOException {
		this.channel.writeInbound(Unpooled.wrappedBuffer(FrameCodec.encode(new Message.Drain(true))));
		assertThat(this.failures).hasSize(1);
		assertThat(this.failures.get(0)).hasMessageContaining("A worker does not send Drain");
	}

	/**
	 * Conformance row M1.
	 */
	@Test
	void decodeWhenAFrameIsNotCompleteInTimeFails() throws IOException {
		this.channel.writeInbound(half(0));
		pass(FrameDecoder.TIME_TO_COMPLETE.minusMillis(1));
		assertThat(this.failures).isEmpty();
		pass(Duration.ofMillis(1));
		assertThat(this.failures).hasSize(1);
		assertThat(this.failures.get(0)).hasMessageContaining("not complete within 5.0 s");
	}

	@Test
	void decodeWhenAFrameIsCompleteJustInTimeReturnsTheMessage() throws IOException {
		this.channel.writeInbound(half(0));
		pass(FrameDecoder.TIME_TO_COMPLETE.minusMillis(1));
		this.channel.writeInbound(half(1));
		pass(Duration.ofMinutes(1));
		assertThat(this.channel.<Message>readInbound()).isEqualTo(MESSAGE);
		assertThat(this.failures).isEmpty();
	}

	@Test
	void decodeWhenEachFrameIsCompleteInTimeDoesNotFailOnTheirSum() throws IOException {
		this.channel.writeInbound(half(0));
		for (int i = 0; i < 10; i++) {
			pass(Duration.ofSeconds(1));
			this.channel.writeInbound(Unpooled.wrappedBuffer(half(1), half(0)));
		}
		assertThat(this.failures).isEmpty();
		assertThat(this.channel.inboundMessages()).hasSize(10);
		pass(FrameDecoder.TIME_TO_COMPLETE);
		assertThat(this.failures).hasSize(1);
	}

	@Test
	void closeWhenAFrameIsNotCompleteEndsTheWatch() throws IOException {
		this.channel.writeInbound(half(0));
		this.channel.close();
		pass(Duration.ofMinutes(1));
		assertThat(this.failures).isEmpty();
	}

	private void pass(Duration time) {
		this.channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
		this.channel.runScheduledPendingTasks();
	}

	private static ByteBuf half(int which) throws IOException {
		byte[] frame = FrameCodec.encode(MESSAGE);
		int middle = frame.length / 2;
		return Unpooled.wrappedBuffer(
				(which == 0) ? Arrays.copyOf(frame, middle) : Arrays.copyOfRange(frame, middle, frame.length));
	}

}
