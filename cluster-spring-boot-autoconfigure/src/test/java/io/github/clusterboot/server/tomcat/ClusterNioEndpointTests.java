package io.github.clusterboot.server.tomcat;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.clusterboot.worker.FakeMaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterNioEndpoint}, which is called here as Tomcat's acceptor and its
 * other threads call it.
 */
@Timeout(30)
class ClusterNioEndpointTests {

	private final ClusterNioEndpoint endpoint = new ClusterNioEndpoint();

	private FakeMaster master;

	@BeforeEach
	void open() throws IOException {
		this.master = new FakeMaster();
		this.endpoint.setPort(0);
		this.endpoint.connectTo(this.master.link(), "server", List.of());
		this.endpoint.initServerSocket();
	}

	@AfterEach
	void close() throws IOException {
		this.endpoint.doCloseServerSocket();
		this.master.close();
	}

	@Test
	void countDownConnectionCountsAConnectionAsClosed() throws IOException {
		takeAndClose();
		this.endpoint.countDownConnection();
		assertThat(this.master.closed()).isOne();
	}

	/**
	 * Otherwise more connections would count as closed than were ever taken.
	 */
	@Test
	void countDownConnectionWhenNothingCouldBeAcceptedCountsNothing() throws IOException {
		takeAndClose();
		this.master.breakHandover();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(this.endpoint::serverSocketAccept);
			this.endpoint.countDownConnection();
		}
		assertThat(this.master.closed()).isZero();
		this.endpoint.countDownConnection();
		assertThat(this.master.closed()).isOne();
	}

	/**
	 * Between an exception and what the acceptor does next.
	 */
	@Test
	void countDownConnectionWhenAnotherThreadClosesMeanwhileCountsThat() throws IOException {
		takeAndClose();
		this.master.breakHandover();
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(this.endpoint::serverSocketAccept);
		CompletableFuture.runAsync(this.endpoint::countDownConnection).join();
		assertThat(this.master.closed()).isOne();
		this.endpoint.countDownConnection();
		assertThat(this.master.closed()).isOne();
	}

	private void takeAndClose() throws IOException {
		try (Socket client = new Socket("127.0.0.1", this.master.port())) {
			this.master.handOver(client);
			try (SocketChannel connection = this.endpoint.serverSocketAccept()) {
				assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalSocketAddress());
			}
		}
		assertThat(this.master.taken()).isOne();
	}

}
