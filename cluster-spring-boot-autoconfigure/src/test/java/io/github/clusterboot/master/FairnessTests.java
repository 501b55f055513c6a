package io.github.clusterboot.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.clusterboot.ClusterView;
import io.github.clusterboot.Scheduling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how a {@link ClusterMaster} spreads connections over 8 workers, with
 * {@link MasterRunner}. They print the figures that the documentation has.
 */
@Tag("alone")
@Timeout(120)
class FairnessTests {

	private static final int WORKERS = 8;

	private static final int CONNECTIONS = 8000;

	private static final int ADDRESSES = 1000;

	/**
	 * Conformance row D2.
	 */
	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "SOURCE_HASH")
	void connectSpreadsConnections(Scheduling scheduling) throws Exception {
		try (MasterRunner master = start(scheduling)) {
			double few = mostToLeast(scheduling, master.port(), 4);
			double many = mostToLeast(scheduling, master.port(), 32);
			if (scheduling == Scheduling.ROUND_ROBIN) {
				assertThat(few).isLessThanOrEqualTo(1.02);
				assertThat(many).isLessThanOrEqualTo(1.02);
			}
			if (scheduling == Scheduling.LEAST_CONNECTIONS) {
				assertThat(many).isLessThanOrEqualTo(1.1);
			}
		}
	}

	private static double mostToLeast(Scheduling scheduling, int port, int clients) throws Exception {
		Map<String, LongAdder> answers = new ConcurrentHashMap<>();
		inParallel(clients, CONNECTIONS,
				(i) -> answers.computeIfAbsent(PlainClient.get(port, "/"), (id) -> new LongAdder()).increment());
		LongSummaryStatistics ofEach = answers.values().stream().collect(Collectors.summarizingLong(LongAdder::sum));
		assertThat(ofEach.getSum()).isEqualTo(CONNECTIONS);
		assertThat(answers).hasSize(WORKERS);
		double ratio = (double) ofEach.getMax() / ofEach.getMin();
		System.out.printf("%s, %d connections of %d clients to %d workers: most %d, least %d, ratio %.2f%n", scheduling,
				CONNECTIONS, clients, WORKERS, ofEach.getMax(), ofEach.getMin(), ratio);
		return ratio;
	}

	@Test
	void connectWhenTheAddressDecidesMovesTheClientsOfAWorkerThatLeavesAlone() throws Exception {
		try (MasterRunner master = start(Scheduling.SOURCE_HASH)) {
			Map<String, String> before = workersByAddress(master.port());
			assertThat(workersByAddress(master.port())).isEqualTo(before);
			ClusterView.Worker leaving = master.worker(3);
			master.kill(leaving);
			Map<String, String> after = workersByAddress(master.port());
			List<String> moved = before.keySet()
				.stream()
				.filter((address) -> !after.get(address).equals(before.get(address)))
				.toList();
			System.out.printf("%s, %d addresses on %d workers: %s each, %d moved when one left%n",
					Scheduling.SOURCE_HASH, ADDRESSES, WORKERS, countsOf(before), moved.size());
			assertThat(moved).allMatch((address) -> before.get(address).equals(String.valueOf(leaving.id())))
				.hasSizeLessThanOrEqualTo((int) (ADDRESSES * (1.0 / WORKERS + 0.05)));
		}
	}

	/**
	 * Every address of 127.0.0.0/8 is this machine's, see RFC 6890.
	 */
	private static Map<String, String> workersByAddress(int port) throws Exception {
		Map<String, String> workers = new ConcurrentHashMap<>();
		inParallel(8, ADDRESSES, (i) -> {
			String address = "127.1." + i / 250 + '.' + (1 + i % 250);
			workers.put(address, PlainClient.get(address, port, "/"));
		});
		return new HashMap<>(workers);
	}

	private static List<Long> countsOf(Map<String, String> workers) {
		return new ArrayList<>(
				workers.values().stream().collect(Collectors.groupingBy((id) -> id, Collectors.counting())).values());
	}

	private static MasterRunner start(Scheduling scheduling) throws IOException {
		return MasterRunner.workers(WORKERS)
			.scheduling(scheduling)
			.restart(Duration.ofSeconds(60), 1, Duration.ofSeconds(60), Duration.ofSeconds(60))
			.worker("plain.concurrent=true")
			.start()
			.awaitRunning();
	}

	private static void inParallel(int threads, int count, Task task) throws Exception {
		AtomicInteger next = new AtomicInteger();
		Callable<Boolean> runner = () -> {
			for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
				task.run(i);
			}
			return true;
		};
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			for (Future<Boolean> future : executor.invokeAll(Stream.generate(() -> runner).limit(threads).toList())) {
				future.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * What a client does again and again.
	 */
	private interface Task {

		void run(int number) throws IOException;

	}

}
