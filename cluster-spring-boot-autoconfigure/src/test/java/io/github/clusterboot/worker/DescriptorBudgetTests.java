package io.github.clusterboot.worker;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.clusterboot.os.SpareDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link DescriptorBudget}.
 */
class DescriptorBudgetTests {

	private static final long TO_OPEN = 200;

	private OptionalLong free = OptionalLong.of(DescriptorBudget.PLENTY);

	private boolean spare;

	private long nanoTime = Long.MAX_VALUE - 1;

	private int asked;

	private int looked;

	private final DescriptorBudget budget = new DescriptorBudget(this::free, this::spare, () -> this.nanoTime);

	@Test
	void isAvailableBelievesForAMomentThatThereIsPlenty() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.budget.isAvailable()).isTrue();
		}
		this.nanoTime += DescriptorBudget.BELIEVED.toNanos() - 1;
		assertThat(this.budget.isAvailable()).isTrue();
		assertThat(this.asked).isOne();
		assertThat(this.looked).isZero();
	}

	@Test
	void isAvailableNoticesAfterAMomentThatThereIsNoLongerPlenty() {
		this.free = OptionalLong.of(DescriptorBudget.PLENTY - 1);
		this.nanoTime += DescriptorBudget.BELIEVED.toNanos();
		assertThat(this.budget.isAvailable()).isFalse();
		this.spare = true;
		assertThat(this.budget.isAvailable()).isTrue();
		assertThat(this.asked).isEqualTo(2);
		assertThat(this.looked).isEqualTo(2);
	}

	@Test
	void isAvailableNoticesAfterAMomentThatThereIsPlentyAgain() {
		this.free = OptionalLong.of(0);
		this.nanoTime += DescriptorBudget.BELIEVED.toNanos();
		assertThat(this.budget.isAvailable()).isFalse();
		this.free = OptionalLong.of(DescriptorBudget.PLENTY);
		assertThat(this.budget.isAvailable()).isFalse();
		this.nanoTime += DescriptorBudget.BELIEVED.toNanos();
		assertThat(this.budget.isAvailable()).isTrue();
	}

	@Test
	void isAvailableWhenTheSystemDoesNotTellLooksEachTime() {
		this.free = OptionalLong.empty();
		this.nanoTime += DescriptorBudget.BELIEVED.toNanos();
		assertThat(this.budget.isAvailable()).isFalse();
		this.nanoTime += DescriptorBudget.BELIEVED.toNanos();
		this.spare = true;
		assertThat(this.budget.isAvailable()).isTrue();
		assertThat(this.asked).isEqualTo(2);
		assertThat(this.looked).isEqualTo(2);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void isAvailableWhenTheLimitOfThisProcessIsFarDoesNotLook() {
		assumeThat(new DescriptorBudget.Table().free()).as("Linux 6.2").isPresent();
		assumeThat(new DescriptorBudget.Table().free().getAsLong()).isGreaterThan(DescriptorBudget.PLENTY + TO_OPEN);
		try (MockedStatic<SpareDescriptor> descriptor = mockStatic(SpareDescriptor.class)) {
			assertThat(new DescriptorBudget().isAvailable()).isTrue();
			descriptor.verify(SpareDescriptor::isAvailable, never());
		}
	}

	/**
	 * Not exactly, since other threads of this JVM may open and close descriptors.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void freeFollowsWhatIsOpened() throws IOException {
		DescriptorBudget.Table table = new DescriptorBudget.Table();
		assumeThat(table.free()).as("Linux 6.2").isPresent();
		long before = table.free().getAsLong();
		assertThat(before).isCloseTo(freeByJvm(), within(TO_OPEN / 4));
		List<Closeable> opened = new ArrayList<>();
		try {
			for (int i = 0; i < TO_OPEN; i++) {
				opened.add(new FileInputStream("/dev/null"));
			}
			assertThat(table.free().getAsLong()).isCloseTo(before - TO_OPEN, within(TO_OPEN / 4));
		}
		finally {
			for (Closeable file : opened) {
				file.close();
			}
		}
	}

	/**
	 * The JVM counts the files in {@code /proc/self/fd}.
	 */
	private static long freeByJvm() {
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		return system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
	}

	private OptionalLong free() {
		this.asked++;
		return this.free;
	}

	private boolean spare() {
		this.looked++;
		return this.spare;
	}

}
