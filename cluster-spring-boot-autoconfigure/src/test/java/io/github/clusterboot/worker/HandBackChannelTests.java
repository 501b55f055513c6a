package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HandBackChannel}.
 */
@Timeout(30)
class HandBackChannelTests {

	private FakeMaster master;

	private HandBackChannel channel;

	private Socket client;

	private SocketChannel connection;

	@BeforeEach
	void open() throws IOException {
		this.master = new FakeMaster();
		this.channel = this.master.openHandBack();
		this.client = new Socket("127.0.0.1", this.master.port());
		this.master.handOver(this.client);
		this.connection = this.master.workersEnd().take();
	}

	@AfterEach
	void close() throws IOException {
		this.client.close();
		this.connection.close();
		this.channel.close();
		this.master.close();
	}

	@Test
	void sendGivesTheConnectionToTheMasterWithTheBytesThatNobodyHasRead() throws IOException {
		this.client.getOutputStream().write(42);
		assertThat(this.channel.send(this.connection)).isTrue();
		this.connection.close();
		ByteBuffer bytes = ByteBuffer.allocate(10);
		try (SocketChannel received = this.master.adoptHandedBack()) {
			received.configureBlocking(true);
			assertThat(received.read(bytes)).isOne();
			assertThat(bytes.get(0)).isEqualTo((byte) 42);
		}
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void sendWhenTheQueueIsFullReturnsFalseUntilTheMasterReads() throws IOException {
		int sent = 0;
		while (this.channel.send(this.connection)) {
			sent++;
		}
		assertThat(sent).isGreaterThan(100);
		for (int i = 0; i < sent; i++) {
			new FileDescriptor(this.master.receiveHandedBack()).close();
		}
		assertThat(this.channel.send(this.connection)).isTrue();
	}

	@Test
	void sendWhenTheMasterIsGoneThrows() throws IOException {
		this.master.die();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.channel.send(this.connection));
	}

	@Test
	void sendWhenClosedThrows() throws IOException {
		this.channel.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> this.channel.send(this.connection));
	}

	@Test
	void openWhenTheMasterDoesNotAnswerThrows() {
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(this.master::openHandBackWhenStopped);
	}

	@Test
	void closeLeavesToTheMasterWhatWasSent() throws IOException {
		assertThat(this.channel.send(this.connection)).isTrue();
		this.channel.close();
		this.master.adoptHandedBack().close();
		assertThat(this.master.receiveHandedBack()).isEqualTo(-1);
	}

}
