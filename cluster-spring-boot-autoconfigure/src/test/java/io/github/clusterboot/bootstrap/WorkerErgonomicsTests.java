package io.github.clusterboot.bootstrap;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerErgonomics}.
 */
class WorkerErgonomicsTests {

	private static final String SERIAL = "-XX:+UseSerialGC";

	private static final DataSize LARGE = DataSize.ofGigabytes(64);

	@ParameterizedTest
	@CsvSource({ "2, 2, true", "2, 3, true", "4, 8, false", "4, 7, true", "16, 16, true", "2, 4, false" })
	void ofWhenAWorkerHasLessThanTwoProcessorsChoosesTheSerialCollector(int workers, int processors, boolean serial) {
		List<String> options = options(workers, new TestJvm().processors(processors).memory(LARGE, LARGE), List.of());
		assertThat(options.contains(SERIAL)).isEqualTo(serial);
	}

	@Test
	void ofWhenAWorkerHasLittleMemoryChoosesTheSerialCollector() {
		TestJvm jvm = new TestJvm().processors(32).memory(DataSize.ofGigabytes(6), DataSize.ofGigabytes(2));
		assertThat(options(3, jvm, List.of())).doesNotContain(SERIAL);
		assertThat(options(4, jvm, List.of())).contains(SERIAL);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-XX:+UseG1GC", "-XX:-UseG1GC", "-XX:+UseZGC", "-XX:+UseParallelGC",
			"-XX:+UseShenandoahGC", "-XX:+UseEpsilonGC", "-XX:G1HeapRegionSize=4m", "-XX:+G1UseAdaptiveIHOP",
			"-XX:MaxGCPauseMillis=50", "-XX:+AggressiveHeap", "-XX:+AlwaysActAsServerClassMachine" })
	void ofWhenTheUserHasChosenACollectorLeavesIt(String option) {
		assertThat(options(8, new TestJvm(), List.of("-Da=b", option))).doesNotContain(SERIAL);
	}

	@Test
	void ofDividesTheInitialHeap() {
		TestJvm jvm = new TestJvm().processors(32).memory(LARGE, LARGE);
		assertThat(options(2, jvm, List.of("-Xmx1g"))).containsExactly("-XX:InitialRAMPercentage=0.7813");
		assertThat(options(8, jvm, List.of())).containsExactly("-XX:InitialRAMPercentage=0.1953");
	}

	@Test
	void ofKeepsTheInitialHeapAtWhatAStartNeeds() {
		TestJvm jvm = new TestJvm().processors(64).memory(LARGE, LARGE);
		assertThat(options(32, jvm, List.of())).containsExactly("-XX:InitialRAMPercentage=0.0977");
		TestJvm small = new TestJvm().processors(64).memory(DataSize.ofGigabytes(4), DataSize.ofGigabytes(1));
		assertThat(options(2, small, List.of())).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xms1g", "-ms1g", "-XX:InitialHeapSize=1g", "-XX:MinHeapSize=1g",
			"-XX:InitialRAMPercentage=5", "-XX:InitialRAMFraction=8", "-XX:+AggressiveHeap" })
	void ofWhenTheUserHasChosenAnInitialHeapLeavesIt(String option) {
		assertThat(options(2, new TestJvm().processors(32).memory(LARGE, LARGE), List.of(option))).isEmpty();
	}

	@Test
	void ofWhenThereIsOneWorkerLeavesAllToTheJvm() {
		assertThat(options(1, new TestJvm().processors(1), List.of())).isEmpty();
	}

	private static List<String> options(int workers, TestJvm jvm, List<String> workerOptions) {
		return WorkerErgonomics.of(workers, jvm.get(), workerOptions).options();
	}

}
