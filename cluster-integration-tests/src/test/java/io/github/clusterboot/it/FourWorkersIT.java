package io.github.clusterboot.it;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * Every worker gets the same share, of connections and of memory.
 */
@Tag("alone")
@Tag("one-jdk")
class FourWorkersIT {

	private static final int WORKERS = 4;

	private static final int CONNECTIONS = ItSettings.isLong() ? 8000 : 4000;

	private static final Percentage TOLERANCE = withinPercentage(1);

	private static final Pattern MAX_HEAP_SIZE = Pattern.compile("-XX:MaxHeapSize=(\\d+)");

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application().defaultHeap().workers(WORKERS).start();
		application.awaitReady(WORKERS);
	}

	/**
	 * Conformance D1.
	 */
	@Test
	void getWhenOneByOneGoesToEachWorkerInTurn() {
		assertIsSharedEvenly(application.probe().get("/worker", CONNECTIONS, 1));
	}

	/**
	 * Conformance D2.
	 */
	@Test
	void getWhenManyAtATimeIsSharedEvenly() {
		assertIsSharedEvenly(application.probe().get("/worker", CONNECTIONS, 32));
	}

	private static void assertIsSharedEvenly(List<HttpAnswer> answers) {
		assertThat(answers).hasSize(CONNECTIONS).allMatch(HttpAnswer::isOk);
		Map<Integer, Long> shares = answers.stream()
			.collect(Collectors.groupingBy(HttpAnswer::workerId, Collectors.counting()));
		assertThat(shares).hasSize(WORKERS);
		assertThat(shares.values())
			.allSatisfy((share) -> assertThat(share).isCloseTo(CONNECTIONS / WORKERS, TOLERANCE));
	}

	@Test
	void heapWhenNotSetIsThreeQuartersOfMemoryForAllAndOneReplacement() {
		List<Long> heaps = application.workerPids().stream().map(FourWorkersIT::maxHeapOf).toList();
		assertThat(heaps).hasSize(WORKERS).containsOnly(heaps.get(0));
		long memory = ItSettings.memory().toBytes();
		assertThat(heaps.get(0) * (WORKERS + 1)).isBetween(memory * 70 / 100, memory * 75 / 100);
	}

	private static long maxHeapOf(long pid) {
		Matcher matcher = MAX_HEAP_SIZE.matcher(JdkCommand.jcmd(pid, "VM.flags"));
		assertThat(matcher.find()).isTrue();
		return Long.parseLong(matcher.group(1));
	}

}
