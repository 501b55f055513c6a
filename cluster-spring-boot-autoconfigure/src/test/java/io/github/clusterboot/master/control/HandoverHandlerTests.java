package io.github.clusterboot.master.control;

import java.io.IOException;

import io.github.clusterboot.master.supervise.WorkerHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link HandoverHandler}.
 */
class HandoverHandlerTests {

	private final WorkerHandle worker = mock();

	private final WorkerMessages messages = mock();

	private final EmbeddedChannel channel = new EmbeddedChannel(
			new HandoverHandler(this.worker, mock(), this.messages));

	@AfterEach
	void close() {
		this.channel.close();
	}

	/**
	 * The worker does not notice, and would never be sent a connection.
	 */
	@Test
	void exceptionCaughtReportsTheWorkerAsBroken() {
		this.channel.pipeline().fireExceptionCaught(new IOException("recvmsg(..) failed"));
		assertThat(this.channel.isOpen()).isFalse();
		verify(this.messages).broken(this.worker);
		verify(this.messages, never()).closed(any());
	}

	@Test
	void channelReadOfAByteLooksForRoom() {
		this.channel.writeInbound("a byte");
		verify(this.messages).room();
	}

}
