package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.os.NativeTransport;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServiceNotifier}, with a socket as a service manager has one.
 */
class ServiceNotifierTests {

	@TempDir
	private Path directory;

	private Socket manager;

	@BeforeAll
	static void loadLibrary() {
		NativeTransport.load();
	}

	@BeforeEach
	void open() {
		this.manager = Socket.newSocketDomainDgram();
	}

	@AfterEach
	void close() throws IOException {
		this.manager.close();
	}

	@Test
	void tellWhenFirstWorkerIsReadySaysReadyOnce() throws IOException {
		try (ServiceNotifier notifier = notifier()) {
			notifier.tell(view(ClusterState.STARTING, 0));
			notifier.tell(view(ClusterState.STARTING, 1));
			notifier.tell(view(ClusterState.RUNNING, 2));
			notifier.tell(view(ClusterState.RUNNING, 2));
			notifier.tell(view(ClusterState.DEGRADED, 0));
		}
		assertThat(received()).containsExactly("STATUS=STARTING: 0 of 2 workers ready, generation 1",
				"READY=1\nSTATUS=STARTING: 1 of 2 workers ready, generation 1",
				"STATUS=RUNNING: 2 of 2 workers ready, generation 1",
				"STATUS=DEGRADED: 0 of 2 workers ready, generation 1");
	}

	@Test
	void tellWhenRestartIsUnderWaySaysReloadingAndThenReady() throws IOException {
		long before = System.nanoTime() / 1000;
		try (ServiceNotifier notifier = notifier()) {
			notifier.tell(view(ClusterState.RUNNING, 2));
			notifier.tell(view(ClusterState.RESTARTING, 2));
			notifier.tell(view(ClusterState.RESTARTING, 1));
			notifier.tell(view(ClusterState.RUNNING, 2));
		}
		List<String> received = received();
		assertThat(received).hasSize(4);
		List<String> reloading = received.get(1).lines().toList();
		assertThat(reloading.get(0)).isEqualTo("RELOADING=1");
		assertThat(Long.parseLong(reloading.get(1).replace("MONOTONIC_USEC=", ""))).isBetween(before,
				System.nanoTime() / 1000);
		assertThat(received.get(2)).isEqualTo("STATUS=RESTARTING: 1 of 2 workers ready, generation 1");
		assertThat(received.get(3)).startsWith("READY=1\nSTATUS=RUNNING");
	}

	@Test
	void tellWhenRestartBeginsBeforeAnyWorkerIsReadyDoesNotSayReloading() throws IOException {
		try (ServiceNotifier notifier = notifier()) {
			notifier.tell(view(ClusterState.RESTARTING, 0));
		}
		assertThat(received()).containsExactly("STATUS=RESTARTING: 0 of 2 workers ready, generation 1");
	}

	@Test
	void tellWhenClusterStopsSaysStoppingOnce() throws IOException {
		try (ServiceNotifier notifier = notifier()) {
			notifier.tell(view(ClusterState.STOPPING, 2));
			notifier.tell(view(ClusterState.STOPPING, 1));
		}
		assertThat(received()).containsExactly("STOPPING=1\nSTATUS=STOPPING: 2 of 2 workers ready, generation 1",
				"STATUS=STOPPING: 1 of 2 workers ready, generation 1");
	}

	@Test
	void tellWhenNobodyListensDoesNotFailAndIsRepeated() throws IOException {
		try (ServiceNotifier notifier = ServiceNotifier.to(path())) {
			assertThat(notifier).isNotNull();
			notifier.tell(view(ClusterState.RUNNING, 2));
			this.manager.bind(new DomainSocketAddress(path()));
			notifier.tell(view(ClusterState.RUNNING, 2));
		}
		assertThat(received()).containsExactly("READY=1\nSTATUS=RUNNING: 2 of 2 workers ready, generation 1");
	}

	@Test
	void tellWhenAddressIsAbstractReachesIt() throws IOException {
		String name = "cluster-test-" + ProcessHandle.current().pid();
		this.manager.bind(new DomainSocketAddress("\0" + name));
		try (ServiceNotifier notifier = ServiceNotifier.to("@" + name)) {
			assertThat(notifier).isNotNull();
			notifier.tell(view(ClusterState.RUNNING, 2));
		}
		assertThat(received()).hasSize(1);
	}

	@Test
	void toWhenNobodyIsToBeNotifiedIsNull() {
		assertThat(ServiceNotifier.to(null)).isNull();
		assertThat(ServiceNotifier.to("")).isNull();
	}

	@Test
	void toWhenAddressIsNoUnixSocketIsNull() {
		assertThat(ServiceNotifier.to("vsock:2:1234")).isNull();
	}

	private ServiceNotifier notifier() throws IOException {
		this.manager.bind(new DomainSocketAddress(path()));
		ServiceNotifier notifier = ServiceNotifier.to(path());
		assertThat(notifier).isNotNull();
		return notifier;
	}

	private String path() {
		return this.directory.resolve("notify").toString();
	}

	/**
	 * Unix datagrams have arrived when they are sent.
	 */
	private List<String> received() throws IOException {
		List<String> received = new ArrayList<>();
		ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
		int length = this.manager.recv(buffer, 0, buffer.capacity());
		while (length > 0) {
			byte[] bytes = new byte[length];
			buffer.get(0, bytes);
			received.add(new String(bytes, StandardCharsets.UTF_8));
			length = this.manager.recv(buffer, 0, buffer.capacity());
		}
		return received;
	}

	private static ClusterView view(ClusterState state, int ready) {
		return new ClusterView(state, new ClusterView.Master(1, Instant.EPOCH), 1, Scheduling.ROUND_ROBIN,
				new ClusterView.Size(2, ready), List.of(), List.of(), new ClusterView.Restarts(0, 0), null, null);
	}

}
