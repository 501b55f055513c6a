package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.UnresolvedAddressException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterServerSocket} and the channel that it is a view of.
 */
@Timeout(30)
class ClusterServerSocketTests {

	private FakeMaster master;

	private ClusterServerSocketChannel channel;

	private ServerSocket socket;

	@BeforeEach
	void open() throws IOException {
		this.master = new FakeMaster();
		this.channel = new ClusterServerSocketChannel(this.master.link(), "server");
		this.socket = this.channel.socket();
	}

	@AfterEach
	void close() throws IOException {
		this.channel.close();
		this.master.close();
	}

	@Test
	void addressWhenNotBoundIsUnknown() {
		assertThat(this.socket.isBound()).isFalse();
		assertThat(this.socket.getLocalPort()).isEqualTo(-1);
		assertThat(this.socket.getInetAddress()).isNull();
		assertThat(this.socket.getLocalSocketAddress()).isNull();
	}

	@Test
	void addressWhenBoundIsThatOfTheMaster() throws IOException {
		this.socket.bind(new InetSocketAddress(0));
		assertThat(this.socket.isBound()).isTrue();
		assertThat(this.socket.getLocalPort()).isEqualTo(this.master.port());
		assertThat(this.socket.getInetAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
		assertThat(this.socket.getLocalSocketAddress()).isEqualTo(this.channel.getLocalAddress());
	}

	@Test
	void closeClosesTheChannel() throws IOException {
		this.socket.bind(new InetSocketAddress(0));
		assertThat(this.socket.isClosed()).isFalse();
		this.socket.close();
		assertThat(this.socket.isClosed()).isTrue();
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.socket.getLocalPort()).isEqualTo(this.master.port());
	}

	@Test
	void acceptIsTheChannels() {
		assertThat(this.socket.getChannel()).isSameAs(this.channel);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(this.socket::accept);
	}

	@Test
	void bindWhenTheAddressIsUnresolvedFails() {
		assertThatExceptionOfType(UnresolvedAddressException.class)
			.isThrownBy(() -> this.channel.bind(InetSocketAddress.createUnresolved("nowhere", 1)));
	}

}
