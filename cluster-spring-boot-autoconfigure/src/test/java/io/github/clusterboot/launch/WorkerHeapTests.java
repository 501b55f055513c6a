package io.github.clusterboot.launch;

import java.util.List;

import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.jvm.TestJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerHeap} and {@link HeapOptions}.
 */
class WorkerHeapTests {

	@ParameterizedTest
	@ValueSource(longs = { 128, 256, 500, 512, 1000, 2048, 24105, 262144 })
	void ofWhenNoMaximumIsChosenWorkersStayWithinThreeQuarters(long megabytes) {
		DataSize memory = DataSize.ofMegabytes(megabytes);
		DataSize defaultMaximum = HeapOptions.of(List.of()).maximum(memory);
		for (int workers = 1; workers <= 16; workers++) {
			WorkerHeap heap = WorkerHeap.of(workers, new TestJvm().memory(memory, defaultMaximum).get(), List.of());
			DataSize maximum = heap.options().isEmpty() ? defaultMaximum
					: HeapOptions.of(heap.options()).maximum(memory);
			assertThat((workers + 1) * maximum.toBytes()).as("%d workers", workers)
				.isLessThanOrEqualTo(memory.toBytes() / 4 * 3)
				.isGreaterThan(memory.toBytes() / 4 - memory.toBytes() / 16);
			assertThat(maximum.toMegabytes() % 2).as("%d workers", workers).isZero();
		}
	}

	@Test
	void ofWhenTheDefaultWillDoSetsNothing() {
		RunningJvm jvm = new TestJvm().memory(DataSize.ofGigabytes(16), DataSize.ofGigabytes(4)).get();
		assertThat(WorkerHeap.of(2, jvm, List.of("-Xss1m")).options()).isEmpty();
		assertThat(WorkerHeap.of(3, jvm, List.of()).options()).containsExactly("-Xmx3072m");
		assertThat(WorkerHeap.of(4, jvm, List.of()).options()).containsExactly("-Xmx2456m");
	}

	@Test
	void ofWhenTheDefaultIsBelowAQuarterKeepsIt() {
		RunningJvm jvm = new TestJvm().memory(DataSize.ofGigabytes(512), DataSize.ofGigabytes(32)).get();
		assertThat(WorkerHeap.of(8, jvm, List.of())).isEqualTo(new WorkerHeap(List.of(), List.of()));
	}

	@Test
	void ofWhenMemoryIsScarceWarns() {
		RunningJvm jvm = new TestJvm().memory(DataSize.ofMegabytes(256), DataSize.ofMegabytes(126)).get();
		WorkerHeap heap = WorkerHeap.of(8, jvm, List.of());
		assertThat(heap.options()).containsExactly("-Xmx20m");
		assertThat(heap.warnings()).singleElement().asString().contains("8 workers", "20 MB", "256 MB");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xmx1g", "-mx1g", "-XX:MaxHeapSize=1g", "MaxHeapSize=1g", "-XX:MaxRAMPercentage=20",
			"-XX:MaxRAM=4g", "-XX:MaxRAMFraction=8", "-XX:+AggressiveHeap" })
	void ofWhenUserChoseTheMaximumSetsNothing(String option) {
		assertThat(WorkerHeap.of(16, new TestJvm().get(), List.of(option)).options()).isEmpty();
	}

	@Test
	void ofWhenUserChoseOnlyAnInitialHeapSetsTheMaximum() {
		assertThat(WorkerHeap.of(8, new TestJvm().get(), List.of("-Xms1g")).options()).containsExactly("-Xmx1364m");
	}

	@Test
	void ofWhenTheInitialHeapIsAboveTheShareWarns() {
		WorkerHeap heap = WorkerHeap.of(8, new TestJvm().get(), List.of("-Xms3g"));
		assertThat(heap.options()).isEmpty();
		assertThat(heap.warnings()).singleElement().asString().contains("8 workers", "4096 MB", "32768 MB", "16384 MB");
	}

	@Test
	void ofWhenTheUsersMaximumExceedsTheMemoryWarns() {
		RunningJvm jvm = new TestJvm().options("-Xmx6g")
			.memory(DataSize.ofGigabytes(16), DataSize.ofGigabytes(6))
			.get();
		assertThat(WorkerHeap.of(2, jvm, List.of("-Xmx6g")).warnings()).isEmpty();
		assertThat(WorkerHeap.of(3, jvm, List.of("-Xmx6g")).warnings()).singleElement()
			.asString()
			.contains("3 workers", "6144 MB", "18432 MB", "16384 MB", "cluster.workers");
	}

	@ParameterizedTest
	@CsvSource({ "-Xmx1g, 1024", "-Xmx1g -Xmx2048M, 2048", "-XX:MaxHeapSize=0x40000000, 1024", "-Xmx1048576k, 1024",
			"-XX:MaxRAMPercentage=50, 4096", "-XX:MaxRAMFraction=2, 4096", "-XX:MaxRAM=4g, 1024",
			"-XX:MaxRAM=4g -XX:MaxRAMPercentage=75.0, 3072", "-XX:+AggressiveHeap, 4096", "-Xms3g, 3072",
			"-XX:MaxRAMPercentage=1, 126", "-XX:MaxRAM=128m, 64", "-XX:MaxRAM=128m -XX:MinRAMPercentage=25, 32",
			"-Xmx1g -XX:MaxRAMPercentage=50, 1024", "-Xmxlarge, 2048", "-Xss1m, 2048" })
	void maximumIsThatOfTheJvm(String options, long megabytes) {
		assertThat(HeapOptions.of(List.of(options.split(" "))).maximum(DataSize.ofGigabytes(8)).toMegabytes())
			.isEqualTo(megabytes);
	}

}
