package io.github.clusterboot.master;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

import com.sun.management.HotSpotDiagnosticMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SmallFootprint}.
 */
class SmallFootprintTests {

	private final HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

	private final String least = option("MinHeapFreeRatio");

	private final String most = option("MaxHeapFreeRatio");

	@AfterEach
	void restore() {
		this.hotSpot.setVMOption("MaxHeapFreeRatio", this.most);
		this.hotSpot.setVMOption("MinHeapFreeRatio", this.least);
	}

	/**
	 * How much smaller the heap becomes is the collector's to decide.
	 */
	@Test
	void shrinkHeapCollectsOnceAndKeepsTheHeapNearToWhatLives() {
		long before = collections();
		SmallFootprint.shrinkHeap();
		assertThat(collections()).isGreaterThan(before);
		assertThat(option("MaxHeapFreeRatio")).isEqualTo("10");
		assertThat(option("MinHeapFreeRatio")).isEqualTo("5");
	}

	private static long collections() {
		return ManagementFactory.getGarbageCollectorMXBeans()
			.stream()
			.mapToLong(GarbageCollectorMXBean::getCollectionCount)
			.sum();
	}

	private String option(String name) {
		return this.hotSpot.getVMOption(name).getValue();
	}

}
