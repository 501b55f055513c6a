package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.FileDescriptor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ReusePortSockets}, {@link ReusePortProgram} and the queue of a
 * {@link ListeningSocket}.
 */
class ReusePortSocketsTests {

	private static final int CONNECTIONS = 60;

	private ReusePortSockets sockets;

	private final Set<ListeningSocket> opened = new HashSet<>();

	private final List<Socket> clients = new ArrayList<>();

	@BeforeEach
	void listen() throws ListenException {
		NativeTransport.load();
		this.sockets = new ReusePortSockets("server", loopback(0), 1024);
	}

	@AfterEach
	void close() throws IOException {
		for (Socket client : this.clients) {
			client.close();
		}
		for (ListeningSocket socket : this.opened) {
			socket.close();
		}
	}

	@Test
	void lentToMakesASocketForEachIndexOnTheSamePort() throws ListenException {
		ListeningSocket socket = sharedWith(5);
		assertThat(socket).isSameAs(this.sockets.first());
		assertThat(sharedWith(2)).isNotSameAs(socket);
		assertThat(sharedWith(2)).isSameAs(sharedWith(2));
		assertThat(sharedWith(2).port()).isEqualTo(socket.port()).isPositive();
	}

	@Test
	void selectLetsConnectionsArriveAtTheSelectedOnly() throws IOException {
		ListeningSocket first = sharedWith(0);
		ListeningSocket second = sharedWith(1);
		ListeningSocket third = sharedWith(2);
		this.sockets.select(Set.of(third));
		connect();
		assertThat(third.queued()).isEqualTo(CONNECTIONS);
		this.sockets.select(Set.of(first, third));
		connect();
		assertThat(second.queued()).isZero();
		assertThat(first.queued()).isPositive();
		assertThat(first.queued() + third.queued()).isEqualTo(2 * CONNECTIONS);
		this.sockets.select(Set.of(first, second, third));
		connect();
		assertThat(second.queued()).isPositive();
	}

	@Test
	void selectWhenNobodyAcceptsKeepsThePortOpen() throws IOException {
		sharedWith(0);
		sharedWith(1);
		this.sockets.select(Set.of());
		connect();
		assertThat(this.sockets.first().queued()).isEqualTo(CONNECTIONS);
		accept(this.sockets.first());
		Awaitility.await().until(() -> this.sockets.first().queued() == 0);
	}

	/**
	 * Conformance rows P3 and P9. The kernel would let both share the port.
	 */
	@Test
	void openWhenAnotherClusterOfTheUserListensThereFails() {
		assertThatExceptionOfType(ListenException.class)
			.isThrownBy(() -> new ReusePortSockets("server", loopback(this.sockets.first().port()), 1024))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(ListenException.Reason.ADDRESS_IN_USE));
	}

	private static InetSocketAddress loopback(int port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	private void connect() throws IOException {
		for (int i = 0; i < CONNECTIONS; i++) {
			this.clients.add(new Socket(InetAddress.getLoopbackAddress(), this.sockets.first().port()));
		}
	}

	private static void accept(ListeningSocket socket) throws IOException {
		for (FileDescriptor connection = socket.acceptConnection(); connection != null; connection = socket
			.acceptConnection()) {
			connection.close();
		}
	}

	private ListeningSocket sharedWith(int index) throws ListenException {
		ListeningSocket socket = this.sockets.sharedWith(index);
		this.opened.add(socket);
		return socket;
	}

}
