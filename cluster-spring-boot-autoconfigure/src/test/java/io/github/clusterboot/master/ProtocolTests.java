package io.github.clusterboot.master;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.FrameCodec;
import io.github.clusterboot.ipc.Message;
import io.github.clusterboot.ipc.RunDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link ClusterMaster} does with those who do not keep to the protocol,
 * with {@link MasterRunner}.
 */
@Timeout(120)
class ProtocolTests {

	private static final Pattern CLOSED = Pattern.compile("closed after (\\d+) ms.*");

	private static MasterRunner shared;

	@BeforeAll
	static void start() throws IOException {
		shared = MasterRunner.workers(2).start().awaitRunning();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	/**
	 * Conformance row M1. The JVM of this test is none of the master's workers.
	 */
	@Test
	void connectWhenTheProcessIsAStrangerIsDropped() throws IOException {
		RunDirectory directory = new RunDirectory(shared.runDirectory());
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()))) {
			try {
				channel.write(ByteBuffer.wrap(FrameCodec.encode(new Message.Hello(Message.PROTOCOL, 1))));
			}
			catch (IOException ex) {
				// dropped already
			}
			assertThat(read(channel)).isEqualTo(-1);
		}
		shared.awaitOutput(
				"Process " + ProcessHandle.current().pid() + " .* is not one of its workers: connection dropped");
		assertUnharmed();
	}

	/**
	 * Conformance row M1. A child of a worker is a stranger too.
	 */
	@Test
	void connectWhenTheProcessIsAChildOfAWorkerIsDropped() throws IOException {
		assertThat(shared.get("/stranger/child")).matches(CLOSED);
		assertUnharmed();
	}

	private static int read(SocketChannel channel) {
		try {
			return channel.read(ByteBuffer.allocate(100));
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/**
	 * Conformance row M1.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "text", "garbage", "empty", "oversized", "negative", "unknown", "too-long", "masters",
			"not-first", "hello", "version", "other-worker", "no-listener" })
	void receiveWhenAChannelBeginsWithSomethingElseClosesItAtOnce(String offence) throws IOException {
		Matcher closed = CLOSED.matcher(shared.get("/stranger/" + offence));
		assertThat(closed.matches()).isTrue();
		assertThat(Integer.parseInt(closed.group(1))).isLessThan(2000);
		assertUnharmed();
	}

	/**
	 * Conformance row M1.
	 */
	@Test
	void receiveWhenAFrameIsNotCompletedClosesTheChannelAfterAWhile() throws IOException {
		for (CompletableFuture<String> answer : List.of(shared.getLater("/stranger/half"),
				shared.getLater("/stranger/half-length"))) {
			Matcher closed = CLOSED.matcher(answer.join());
			assertThat(closed.matches()).isTrue();
			assertThat(Duration.ofMillis(Integer.parseInt(closed.group(1)))).isBetween(Duration.ofMillis(4900),
					Duration.ofSeconds(7));
		}
		assertUnharmed();
	}

	/**
	 * Conformance row M1.
	 */
	@Test
	void receiveWhenBytesComeInsteadOfADescriptorHarmsNobody() throws IOException {
		assertThat(shared.get("/stranger/handover-bytes")).isEqualTo("sent");
		assertUnharmed();
	}

	private static void assertUnharmed() throws IOException {
		assertThat(List.of(shared.get("/"), shared.get("/"))).containsExactlyInAnyOrder("1", "2");
		ClusterView view = shared.view();
		assertThat(view.size().ready()).isEqualTo(2);
		assertThat(view.restarts().total()).isZero();
		assertThat(shared.events()).hasSize(8);
	}

	/**
	 * Conformance rows M1 and L10. The workers have no link any more but do not end. Each
	 * is killed at the drain time-out, and only then is its exit told and a new one
	 * started.
	 */
	@Test
	void receiveWhenAControlChannelGetsSomethingElseClosesThatChannelOnly() throws IOException {
		try (MasterRunner master = MasterRunner.workers(4)
			.worker(1, "plain.offence=garbage")
			.worker(2, "plain.offence=oversized")
			.worker(3, "plain.offence=half")
			.drainTimeout(Duration.ofSeconds(2))
			.restart(Duration.ofSeconds(60), 1, Duration.ofSeconds(60), Duration.ofSeconds(60))
			.start()) {
			for (int offender = 2; offender <= 4; offender++) {
				int id = offender;
				master.awaitOutput("offender " + id + ": closed after \\d+ ms");
				assertThat(master.get("/")).isEqualTo("1");
				master.awaitOutput("worker " + id + " .* has exited with code 137 \\(DRAIN_TIMEOUT\\)");
			}
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).hasSize(3)
				.allSatisfy((event) -> assertThat(event.reason()).isEqualTo(ExitReason.DRAIN_TIMEOUT));
			assertThat(master.workers()).singleElement()
				.satisfies((worker) -> assertThat(worker.state()).isEqualTo(WorkerState.READY));
		}
	}

	/**
	 * Conformance row M2. The master has more to say to the worker than its channel
	 * holds.
	 */
	@Test
	void sendWhenTheWorkerDiesMeanwhileIsAnEventOfThatWorkerOnly() throws IOException {
		try (MasterRunner master = MasterRunner.workers(2).worker(1, "plain.offence=flood").start()) {
			master.port();
			for (int round = 0; round < 3; round++) {
				int failures = round + 1;
				master.awaitView((view) -> assertThat(view.restarts().unexpected()).isGreaterThanOrEqualTo(failures));
			}
			assertThat(master.events(ClusterEventType.WORKER_EXITED)).extracting(ClusterEvent::exitCode)
				.containsOnly(99);
			assertThat(master.worker(0).id()).isOne();
			assertThat(master.count("(?i)exception|error")).isZero();
		}
	}

	/**
	 * Conformance row M2. Connections are sent to workers that die at any moment.
	 */
	@Test
	void handOverWhenWorkersDieMeanwhileLosesOnlyWhatTheyHad() throws IOException {
		try (MasterRunner master = MasterRunner.workers(3).start().awaitRunning()) {
			int lost = 0;
			for (int i = 0; i < 120; i++) {
				try {
					master.get((i % 20 == 10) ? "/exit/1" : "/");
				}
				catch (IOException ex) {
					lost++;
				}
			}
			assertThat(lost).isEqualTo(6);
			master.awaitView((view) -> assertThat(view.restarts()).isEqualTo(new ClusterView.Restarts(6, 6)));
			assertThat(master.count("Exception")).isZero();
		}
	}

}
