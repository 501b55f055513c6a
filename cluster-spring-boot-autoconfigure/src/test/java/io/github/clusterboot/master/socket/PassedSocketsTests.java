package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PassedSockets}.
 */
class PassedSocketsTests {

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

	@TempDir
	private Path scratch;

	private LinuxSocket first;

	private int port;

	/**
	 * Whether the descriptor has been closed by who took it.
	 */
	private boolean taken;

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@BeforeEach
	void openSocket() throws IOException {
		this.first = LinuxSocket.newSocketStream();
		this.first.bind(ANY_PORT);
		this.first.listen(10);
		this.port = this.first.localAddress().getPort();
	}

	@AfterEach
	void closeSocket() throws IOException {
		if (!this.taken) {
			this.first.close();
		}
	}

	@Test
	void takeWhenSocketHasNoNameGivesItToTheListenerThatAsksFirst() throws IOException {
		PassedSockets sockets = passed(1, null);
		ListeningSocket socket = take(sockets, "server");
		assertThat(socket.isPassed()).isTrue();
		assertThat(socket.port()).isEqualTo(this.port);
		assertThat(sockets.take("management", ANY_PORT)).isNull();
		socket.close();
	}

	@Test
	void takeMakesSocketNonBlockingAndLeavesNoFile() throws IOException {
		ListeningSocket socket = take(passed(1, null), "server");
		assertThat(socket.acceptConnection()).isNull();
		try (Socket client = new Socket("127.0.0.1", this.port)) {
			FileDescriptor connection = socket.acceptConnection();
			assertThat(connection).isNotNull();
			connection.close();
		}
		assertThat(Files.list(this.scratch)).isEmpty();
		socket.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "management", "server-2", "management-10" })
	void takeWhenSocketHasTheNameOfAListenerLeavesItToThatOne(String name) throws IOException {
		PassedSockets sockets = passed(1, name);
		assertThat(sockets.take("server", ANY_PORT)).isNull();
		ListeningSocket socket = take(sockets, name);
		assertThat(socket.port()).isEqualTo(this.port);
		socket.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "myapp.socket", "server-1", "management-01" })
	void takeWhenNameIsNoListenersGoesByOrder(String name) throws IOException {
		ListeningSocket socket = take(passed(1, name), "server");
		assertThat(socket.port()).isEqualTo(this.port);
		socket.close();
	}

	@Test
	void takeWhenSocketIsForAnotherProcessIsNothing() throws IOException {
		Map<String, String> environment = environment(1, null);
		environment.put("LISTEN_PID", "1");
		assertThat(PassedSockets.of(environment, this.first.intValue(), this.scratch).take("server", ANY_PORT))
			.isNull();
	}

	/**
	 * To look at as many descriptors as the largest number says would never end.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "one", "-1", "1025", "2147483647" })
	void takeWhenCountIsNotANumberOfSocketsIsNothing(String count) throws IOException {
		Map<String, String> environment = environment(1, null);
		environment.put("LISTEN_FDS", count);
		PassedSockets sockets = PassedSockets.of(environment, this.first.intValue(), this.scratch);
		assertThat(sockets.take("server", ANY_PORT)).isNull();
		assertThat(sockets.problem()).contains("'" + count + "'", "LISTEN_FDS");
	}

	@Test
	void takeWhenSocketDoesNotListenFails() throws IOException {
		LinuxSocket datagrams = LinuxSocket.newSocketDgram();
		PassedSockets sockets = PassedSockets.of(environment(1, null), datagrams.intValue(), this.scratch);
		assertThatExceptionOfType(ListenException.class).isThrownBy(() -> sockets.take("server", ANY_PORT))
			.withMessageContaining("descriptor " + datagrams.intValue())
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(ListenException.Reason.UNUSABLE_PASSED_SOCKET));
		datagrams.close();
	}

	@Test
	void takeWhenDescriptorIsNoSocketFails() throws IOException {
		Path file = Files.createFile(this.scratch.resolve("file"));
		FileDescriptor descriptor = FileDescriptor.from(file.toString());
		PassedSockets sockets = PassedSockets.of(environment(1, null), descriptor.intValue(), this.scratch);
		assertThatExceptionOfType(ListenException.class).isThrownBy(() -> sockets.take("server", ANY_PORT))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(ListenException.Reason.UNUSABLE_PASSED_SOCKET));
		descriptor.close();
	}

	@Test
	void unusedReturnsOnceASocketThatNobodyTook() {
		PassedSockets sockets = passed(1, "management");
		assertThat(sockets.unused()).containsExactly("'management' (descriptor " + this.first.intValue() + ")");
		assertThat(sockets.unused()).isEmpty();
	}

	private ListeningSocket take(PassedSockets sockets, String listener) throws ListenException {
		ListeningSocket socket = sockets.take(listener, new InetSocketAddress("127.0.0.1", 8080));
		assertThat(socket).isNotNull();
		return socket;
	}

	private PassedSockets passed(int count, String names) {
		this.taken = true;
		return PassedSockets.of(environment(count, names), this.first.intValue(), this.scratch);
	}

	private static Map<String, String> environment(int count, String names) {
		Map<String, String> environment = new HashMap<>();
		environment.put("LISTEN_PID", String.valueOf(ProcessHandle.current().pid()));
		environment.put("LISTEN_FDS", String.valueOf(count));
		if (names != null) {
			environment.put("LISTEN_FDNAMES", names);
		}
		return environment;
	}

}
