package io.github.clusterboot.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.epoll.LinuxSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SocketChannels}.
 */
@Timeout(30)
class SocketChannelsTests {

	private io.netty.channel.unix.Socket server;

	private Socket client;

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@AfterEach
	void close() throws IOException {
		if (this.client != null) {
			this.client.close();
		}
		if (this.server != null) {
			this.server.close();
		}
	}

	@ParameterizedTest
	@EnumSource(value = StandardProtocolFamily.class, names = { "INET", "INET6" })
	void adoptMakesAChannelThatReadsAndWrites(StandardProtocolFamily family) throws IOException {
		try (SocketChannel channel = adopt(connect(family, "127.0.0.1"), family)) {
			assertThat(channel.isConnected()).isTrue();
			assertThat(channel.isBlocking()).isFalse();
			assertThat(channel.read(ByteBuffer.allocate(1))).isZero();
			channel.configureBlocking(true);
			this.client.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
			ByteBuffer question = ByteBuffer.allocate(8);
			while (question.hasRemaining()) {
				channel.read(question);
			}
			assertThat(new String(question.array(), StandardCharsets.US_ASCII)).isEqualTo("question");
			channel.write(ByteBuffer.wrap("answer".getBytes(StandardCharsets.US_ASCII)));
			assertThat(this.client.getInputStream().readNBytes(6))
				.isEqualTo("answer".getBytes(StandardCharsets.US_ASCII));
			this.client.shutdownOutput();
			assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		}
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void adoptMakesAChannelThatCanBeSelected() throws IOException {
		try (SocketChannel channel = adopt(connect(StandardProtocolFamily.INET6, "::1"), StandardProtocolFamily.INET6);
				Selector selector = Selector.open()) {
			channel.register(selector, SelectionKey.OP_READ);
			assertThat(selector.selectNow()).isZero();
			this.client.getOutputStream().write(1);
			assertThat(selector.select(5000)).isOne();
		}
	}

	@Test
	void adoptMakesAChannelWithTheUsualOptions() throws IOException {
		try (SocketChannel channel = adopt(connect(StandardProtocolFamily.INET6, "127.0.0.1"),
				StandardProtocolFamily.INET6)) {
			channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
			channel.socket().setSoLinger(true, 3);
			assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(3);
			channel.socket().setTrafficClass(8);
			assertThat(channel.socket().getInetAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
			assertThat(channel.socket().getLocalPort()).isEqualTo(this.server.localAddress().getPort());
		}
	}

	/**
	 * The addresses of a client's connection, as seen by a server that accepts from a
	 * {@link ServerSocketChannel} of the JVM.
	 */
	@ParameterizedTest
	@CsvSource({ "INET6,127.0.0.1", "INET6,::1", "INET,127.0.0.1" })
	void adoptMakesAChannelWithTheAddressesOfANormalOne(StandardProtocolFamily family, String host) throws IOException {
		try (ServerSocketChannel normalServer = ServerSocketChannel.open(family).bind(new InetSocketAddress(0));
				Socket normalClient = new Socket(host, port(normalServer));
				SocketChannel normal = normalServer.accept();
				SocketChannel adopted = adopt(connect(family, host), family)) {
			assertSameButForPorts(normal.getRemoteAddress(), normalClient.getLocalPort(), adopted.getRemoteAddress(),
					this.client.getLocalPort());
			assertSameButForPorts(normal.getLocalAddress(), port(normalServer), adopted.getLocalAddress(),
					this.client.getPort());
			assertSameButForPorts(normal.socket().getRemoteSocketAddress(), normalClient.getLocalPort(),
					adopted.socket().getRemoteSocketAddress(), this.client.getLocalPort());
			assertThat(adopted.supportedOptions()).isEqualTo(normal.supportedOptions());
			assertThat(adopted).hasSameClassAs(normal);
		}
	}

	private static int port(ServerSocketChannel server) throws IOException {
		return ((InetSocketAddress) server.getLocalAddress()).getPort();
	}

	private static void assertSameButForPorts(Object normal, int normalPort, Object adopted, int adoptedPort) {
		InetSocketAddress normalAddress = (InetSocketAddress) normal;
		InetSocketAddress adoptedAddress = (InetSocketAddress) adopted;
		assertThat(adoptedAddress.getAddress()).isEqualTo(normalAddress.getAddress())
			.hasSameClassAs(normalAddress.getAddress())
			.hasToString(normalAddress.getAddress().toString());
		assertThat(normalAddress.getPort()).isEqualTo(normalPort);
		assertThat(adoptedAddress.getPort()).isEqualTo(adoptedPort);
	}

	@Test
	void closeClosesTheDescriptor() throws IOException {
		int descriptor = connect(StandardProtocolFamily.INET6, "127.0.0.1");
		SocketChannel channel = adopt(descriptor, StandardProtocolFamily.INET6);
		String socket = target(descriptor);
		assertThat(openSockets()).contains(socket);
		channel.close();
		assertThat(openSockets()).doesNotContain(socket);
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void adoptWhenThePeerHasClosedReadsWhatItSent() throws IOException {
		int descriptor = connect(StandardProtocolFamily.INET6, "127.0.0.1");
		this.client.getOutputStream().write(7);
		this.client.close();
		try (SocketChannel channel = adopt(descriptor, StandardProtocolFamily.INET6)) {
			channel.configureBlocking(true);
			ByteBuffer buffer = ByteBuffer.allocate(8);
			assertThat(channel.read(buffer)).isOne();
			assertThat(channel.read(buffer)).isEqualTo(-1);
		}
	}

	@Test
	void adoptWhenThePeerHasResetReturnsNullAndClosesTheDescriptor() throws IOException {
		int descriptor = connect(StandardProtocolFamily.INET6, "127.0.0.1");
		String socket = target(descriptor);
		this.client.setSoLinger(true, 0);
		this.client.close();
		awaitReset(descriptor);
		assertThat(SocketChannels.adopt(descriptor, StandardProtocolFamily.INET6)).isNull();
		assertThat(openSockets()).doesNotContain(socket);
	}

	private static void awaitReset(int descriptor) {
		io.netty.channel.unix.Socket socket = new io.netty.channel.unix.Socket(descriptor);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> socket.remoteAddress() == null);
	}

	@Test
	void adoptWhenTheDescriptorIsNotAConnectionReturnsNullAndClosesIt() throws IOException {
		int descriptor = LinuxSocket.newSocketStream(true).intValue();
		String socket = target(descriptor);
		assertThat(SocketChannels.adopt(descriptor, StandardProtocolFamily.INET6)).isNull();
		assertThat(openSockets()).doesNotContain(socket);
	}

	@Test
	void descriptorOfReturnsTheDescriptor() throws IOException {
		int descriptor = connect(StandardProtocolFamily.INET6, "127.0.0.1");
		try (SocketChannel channel = adopt(descriptor, StandardProtocolFamily.INET6)) {
			assertThat(SocketChannels.descriptorOf(channel)).isEqualTo(descriptor);
		}
	}

	private static SocketChannel adopt(int descriptor, ProtocolFamily family) throws IOException {
		SocketChannel channel = SocketChannels.adopt(descriptor, family);
		assertThat(channel).isNotNull();
		return channel;
	}

	/**
	 * Connect a client.
	 * @return the descriptor of the server's end
	 */
	private int connect(StandardProtocolFamily family, String host) throws IOException {
		this.server = LinuxSocket.newSocketStream(family == StandardProtocolFamily.INET6);
		this.server.bind(new InetSocketAddress(0));
		this.server.listen(1);
		this.client = new Socket(host, this.server.localAddress().getPort());
		this.client.setSoTimeout(5000);
		return this.server.accept(new byte[25]);
	}

	private static String target(int descriptor) throws IOException {
		return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
	}

	private static List<String> openSockets() throws IOException {
		try (java.util.stream.Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter((path) -> Files.exists(path, LinkOption.NOFOLLOW_LINKS)).map((path) -> {
				try {
					return Files.readSymbolicLink(path).toString();
				}
				catch (IOException ex) {
					return "closed meanwhile";
				}
			}).toList();
		}
	}

}
