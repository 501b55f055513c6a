package io.github.clusterboot.master.socket;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.clusterboot.master.ChildJvm;
import io.github.clusterboot.master.OrdinaryUser;
import io.github.clusterboot.master.ProcFs;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.FileDescriptor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ListeningSocket}.
 */
@Timeout(30)
class ListeningSocketTests {

	private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 0);

	private static final Path FIRST_UNPRIVILEGED_PORT = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	/**
	 * Conformance row P5. Binds each address twice in one JVM: as that JVM's own server
	 * would, and as the master does. Both have to report the same address and to be
	 * reached by the same clients.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "-Dnone", "-Djava.net.preferIPv4Stack=true", "-Djava.net.preferIPv6Addresses=true" })
	void openBindsAsTheOwnServerOfTheJvm(String option) throws Exception {
		Process process = new ProcessBuilder(ChildJvm.command(BindProbe.class, List.of(option)))
			.redirectErrorStream(true)
			.start();
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			Map<String, String> own = new TreeMap<>();
			Map<String, String> masters = new TreeMap<>();
			for (String line = lines.readLine(); !"bound".equals(line); line = lines.readLine()) {
				String[] parts = line.split(" ");
				String outcome = parts[2] + " " + (parts[2].equals("refused") ? "" : clients(parts[3]));
				(parts[0].equals("own") ? own : masters).put(parts[1], outcome);
			}
			assertThat(own).hasSize(6);
			assertThat(masters).isEqualTo(own);
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private static String clients(String port) throws IOException {
		List<String> clients = new ArrayList<>();
		for (String client : List.of("127.0.0.1", "::1")) {
			try (Socket socket = new Socket()) {
				socket.connect(new InetSocketAddress(client, Integer.parseInt(port)), 2000);
				clients.add(client);
			}
			catch (java.net.ConnectException ex) {
				// that is an answer too
			}
		}
		return clients.toString();
	}

	@Test
	void openWhenThePortIsZeroTellsTheRealPort() throws IOException {
		try (Closing<ListeningSocket> socket = new Closing<>(ListeningSocket.open("server", LOOPBACK, 10))) {
			assertThat(socket.value().port()).isPositive();
			assertThat(socket.value().address()).isEqualTo(new InetSocketAddress("127.0.0.1", socket.value().port()));
			new Socket("127.0.0.1", socket.value().port()).close();
		}
	}

	/**
	 * Conformance row P4. The kernel completes one connection more than the backlog says
	 * while nobody accepts, and lets further clients wait.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 5, 20 })
	void openPassesTheBacklogToTheKernel(int backlog) throws IOException {
		List<Socket> clients = new ArrayList<>();
		try (Closing<ListeningSocket> socket = new Closing<>(ListeningSocket.open("server", LOOPBACK, backlog))) {
			int connected = 0;
			for (boolean waits = false; !waits; connected += waits ? 0 : 1) {
				waits = !isConnectedAtOnce(socket.value().port(), clients);
			}
			assertThat(connected).isEqualTo(backlog + 1);
		}
		finally {
			for (Socket client : clients) {
				client.close();
			}
		}
	}

	private static boolean isConnectedAtOnce(int port, List<Socket> clients) throws IOException {
		Socket client = new Socket();
		clients.add(client);
		try {
			client.connect(new InetSocketAddress("127.0.0.1", port), 400);
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

	/**
	 * Conformance row P3.
	 */
	@Test
	void openWhenThePortIsInUseThrowsException() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			InetSocketAddress address = new InetSocketAddress("127.0.0.1", other.getLocalPort());
			assertThatExceptionOfType(ListenException.class)
				.isThrownBy(() -> ListeningSocket.open("server", address, 10))
				.satisfies((ex) -> {
					assertThat(ex.getReason()).isEqualTo(ListenException.Reason.ADDRESS_IN_USE);
					assertThat(ex.getAddress()).isEqualTo(address);
				})
				.withMessageContaining("Address already in use");
		}
	}

	/**
	 * Conformance row P3. 192.0.2.0/24 is reserved for documentation, see RFC 5737.
	 */
	@Test
	void openWhenNoInterfaceHasTheAddressThrowsException() {
		assertThatExceptionOfType(ListenException.class)
			.isThrownBy(() -> ListeningSocket.open("server", new InetSocketAddress("192.0.2.1", 0), 10))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(ListenException.Reason.ADDRESS_NOT_AVAILABLE));
	}

	/**
	 * Conformance row P3.
	 */
	@Test
	@EnabledIf("canBeDeniedAPort")
	void openWhenThePortIsPrivilegedThrowsException() throws Exception {
		List<String> command = new ArrayList<>();
		if (OrdinaryUser.isAnother()) {
			command.addAll(List.of("setpriv", "--bounding-set", "-net_bind_service"));
		}
		command.addAll(ChildJvm.command(PrivilegedBindProbe.class, List.of()));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
			.isEqualToIgnoringNewLines("PERMISSION_DENIED");
		assertThat(process.waitFor()).isZero();
	}

	static boolean canBeDeniedAPort() throws IOException {
		return Files.exists(FIRST_UNPRIVILEGED_PORT)
				&& Integer.parseInt(Files.readAllLines(FIRST_UNPRIVILEGED_PORT).get(0)) > 1;
	}

	@Test
	void openWhenItFailsClosesTheSocket() throws IOException {
		long before = ProcFs.descriptors(ProcessHandle.current().pid());
		for (int i = 0; i < 50; i++) {
			assertThatExceptionOfType(ListenException.class)
				.isThrownBy(() -> ListeningSocket.open("server", new InetSocketAddress("192.0.2.1", 0), 10));
		}
		assertThat(ProcFs.descriptors(ProcessHandle.current().pid())).isLessThan(before + 40);
	}

	@Test
	void openWhenAFormerConnectionLingersBindsAgain() throws IOException {
		ListeningSocket first = ListeningSocket.open("server", LOOPBACK, 10);
		Socket client = new Socket("127.0.0.1", first.port());
		accept(first).close();
		first.close();
		client.close();
		ListeningSocket.open("server", new InetSocketAddress("127.0.0.1", first.port()), 10).close();
	}

	@Test
	void acceptConnectionWhenNoneWaitsReturnsNull() throws IOException {
		try (Closing<ListeningSocket> socket = new Closing<>(ListeningSocket.open("server", LOOPBACK, 10))) {
			assertThat(socket.value().acceptConnection()).isNull();
		}
	}

	@Test
	void acceptConnectionReturnsTheConnection() throws IOException {
		try (Closing<ListeningSocket> socket = new Closing<>(ListeningSocket.open("server", LOOPBACK, 10));
				Socket client = new Socket("127.0.0.1", socket.value().port())) {
			FileDescriptor connection = accept(socket.value());
			new io.netty.channel.unix.Socket(connection.intValue()).shutdown(false, true);
			client.setSoTimeout((int) Duration.ofSeconds(5).toMillis());
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			connection.close();
		}
	}

	private static FileDescriptor accept(ListeningSocket socket) throws IOException {
		FileDescriptor connection = socket.acceptConnection();
		assertThat(connection).isNotNull();
		return connection;
	}

	/**
	 * Netty's descriptors are not {@link AutoCloseable}.
	 *
	 * @param value the descriptor
	 * @param <T> its type
	 */
	private record Closing<T extends FileDescriptor>(T value) implements AutoCloseable {

		@Override
		public void close() throws IOException {
			this.value.close();
		}

	}

	/**
	 * Binds each address twice and waits to be ended.
	 */
	static final class BindProbe {

		private BindProbe() {
		}

		public static void main(String[] args) throws Exception {
			NativeTransport.load();
			Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
			addresses.put("none", new InetSocketAddress(0));
			for (String host : List.of("127.0.0.1", "0.0.0.0", "::1", "::", "localhost")) {
				addresses.put(host, new InetSocketAddress(InetAddress.getByName(host), 0));
			}
			addresses.forEach((name, address) -> {
				System.out.println("own " + name + " " + own(address));
				System.out.println("master " + name + " " + master(address));
			});
			System.out.println("bound");
			// the test looks at the sockets and ends this process
			Thread.sleep(Long.MAX_VALUE);
		}

		private static String own(InetSocketAddress address) {
			try {
				ServerSocketChannel channel = ServerSocketChannel.open().bind(address);
				return describe((InetSocketAddress) channel.getLocalAddress());
			}
			catch (IOException | RuntimeException ex) {
				return "refused";
			}
		}

		private static String master(InetSocketAddress address) {
			try {
				return describe(ListeningSocket.open("server", address, 10).address());
			}
			catch (ListenException ex) {
				return "refused";
			}
		}

		private static String describe(InetSocketAddress address) {
			return address.getAddress().getHostAddress() + " " + address.getPort();
		}

	}

	/**
	 * Tries to bind a privileged port.
	 */
	static final class PrivilegedBindProbe {

		private PrivilegedBindProbe() {
		}

		public static void main(String[] args) throws Exception {
			NativeTransport.load();
			try {
				ListeningSocket.open("server", new InetSocketAddress("127.0.0.1", 1), 10);
			}
			catch (ListenException ex) {
				System.out.println(ex.getReason());
			}
		}

	}

}
