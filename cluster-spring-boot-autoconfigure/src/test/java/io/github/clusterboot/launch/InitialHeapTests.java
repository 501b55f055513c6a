package io.github.clusterboot.launch;

import java.util.List;

import io.github.clusterboot.jvm.TestJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InitialHeap}.
 */
class InitialHeapTests {

	private static final DataSize LARGE = DataSize.ofGigabytes(64);

	@Test
	void ofIsWhatAStartNeeds() {
		assertThat(options(2, LARGE, "-Xmx1g")).containsExactly("-XX:InitialRAMPercentage=0.0977");
		assertThat(options(32, LARGE)).containsExactly("-XX:InitialRAMPercentage=0.0977");
	}

	@Test
	void ofIsNeverMoreThanThatOfOneJvm() {
		assertThat(options(2, DataSize.ofGigabytes(4))).isEmpty();
		assertThat(options(2, LARGE, "-XX:MaxRAM=2g")).isEmpty();
		assertThat(options(4, LARGE, "-XX:MaxRAM=8g")).containsExactly("-XX:InitialRAMPercentage=0.7813");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xms1g", "-ms1g", "-XX:InitialHeapSize=1g", "-XX:MinHeapSize=1g",
			"-XX:InitialRAMPercentage=5", "-XX:InitialRAMFraction=8", "-XX:+AggressiveHeap" })
	void ofWhenTheUserHasChosenOneLeavesIt(String option) {
		assertThat(options(2, LARGE, option)).isEmpty();
	}

	@Test
	void ofWhenThereIsOneWorkerLeavesItToTheJvm() {
		assertThat(options(1, LARGE)).isEmpty();
	}

	private static List<String> options(int workers, DataSize memory, String... workerOptions) {
		return InitialHeap.of(workers, new TestJvm().memory(memory, LARGE).get(), List.of(workerOptions)).options();
	}

}
