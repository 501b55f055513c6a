package io.github.clusterboot.master;

import java.util.Collections;
import java.util.HashMap;
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

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how evenly a {@link ClusterMaster} spreads connections, with
 * {@link MasterRunner}.
 */
@Timeout(120)
class FairnessTests {

	private static final int CONNECTIONS = 4000;

	/**
	 * Conformance row D2.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 4, 8 })
	void connectSpreadsEvenly(int workers) throws Exception {
		try (MasterRunner master = MasterRunner.workers(workers)
			.worker("plain.concurrent=true")
			.start()
			.awaitRunning()) {
			Map<Integer, Double> ratios = new HashMap<>();
			for (int clients : new int[] { 1, 4, 32 }) {
				LongSummaryStatistics answers = answersOfEach(master.port(), workers, clients);
				assertThat(answers.getSum()).isEqualTo(CONNECTIONS);
				ratios.put(clients, (double) answers.getMax() / answers.getMin());
			}
			System.out.println(workers + " workers, most to least connections by number of clients: " + ratios);
			assertThat(ratios.values()).allMatch((ratio) -> ratio <= 1.02);
		}
	}

	private static LongSummaryStatistics answersOfEach(int port, int workers, int clients) throws Exception {
		Map<String, LongAdder> answers = new ConcurrentHashMap<>();
		AtomicInteger left = new AtomicInteger(CONNECTIONS);
		Callable<Boolean> client = () -> {
			while (left.getAndDecrement() > 0) {
				answers.computeIfAbsent(PlainClient.get(port, "/"), (id) -> new LongAdder()).increment();
			}
			return true;
		};
		ExecutorService executor = Executors.newFixedThreadPool(clients);
		try {
			for (Future<Boolean> future : executor.invokeAll(Collections.nCopies(clients, client))) {
				future.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(answers).hasSize(workers);
		return answers.values().stream().collect(Collectors.summarizingLong(LongAdder::sum));
	}

}
