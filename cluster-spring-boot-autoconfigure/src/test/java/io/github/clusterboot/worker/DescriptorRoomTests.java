package io.github.clusterboot.worker;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import com.sun.management.UnixOperatingSystemMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.mockito.MockedStatic;

import io.github.clusterboot.ipc.SpareDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link DescriptorRoom}.
 */
class DescriptorRoomTests {

	private OptionalLong free = OptionalLong.of(DescriptorRoom.PLENTY);

	private boolean spare;

	private long nanoTime = Long.MAX_VALUE - 1;

	private int asked;

	private int looked;

	private final DescriptorRoom room = new DescriptorRoom(this::free, this::spare, () -> this.nanoTime);

	@Test
	void isAvailableBelievesForAMomentThatThereIsPlenty() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.room.isAvailable()).isTrue();
		}
		this.nanoTime += DescriptorRoom.BELIEVED.toNanos() - 1;
		assertThat(this.room.isAvailable()).isTrue();
		assertThat(this.asked).isOne();
		assertThat(this.looked).isZero();
	}

	@Test
	void isAvailableNoticesAfterAMomentThatThereIsNotPlentyAnyMore() {
		this.free = OptionalLong.of(DescriptorRoom.PLENTY - 1);
		this.nanoTime += DescriptorRoom.BELIEVED.toNanos();
		assertThat(this.room.isAvailable()).isFalse();
		this.spare = true;
		assertThat(this.room.isAvailable()).isTrue();
		assertThat(this.asked).isEqualTo(2);
		assertThat(this.looked).isEqualTo(2);
	}

	@Test
	void isAvailableNoticesAfterAMomentThatThereIsPlentyAgain() {
		this.free = OptionalLong.of(0);
		this.nanoTime += DescriptorRoom.BELIEVED.toNanos();
		assertThat(this.room.isAvailable()).isFalse();
		this.free = OptionalLong.of(DescriptorRoom.PLENTY);
		assertThat(this.room.isAvailable()).isFalse();
		this.nanoTime += DescriptorRoom.BELIEVED.toNanos();
		assertThat(this.room.isAvailable()).isTrue();
	}

	@Test
	void isAvailableLooksForEachWhereTheSystemDoesNotTell() {
		this.free = OptionalLong.empty();
		this.nanoTime += DescriptorRoom.BELIEVED.toNanos();
		assertThat(this.room.isAvailable()).isFalse();
		this.nanoTime += DescriptorRoom.BELIEVED.toNanos();
		this.spare = true;
		assertThat(this.room.isAvailable()).isTrue();
		assertThat(this.asked).isEqualTo(2);
		assertThat(this.looked).isEqualTo(2);
	}

	/**
	 * Against the real table: it is followed as descriptors are opened.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void isAvailableInThisProcessLooksForEachOnlyNearTheLimit() throws IOException {
		assumeThat(Files.size(Path.of("/proc/self/fd"))).as("Linux 6.2").isPositive();
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		long toOpen = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - DescriptorRoom.PLENTY
				+ 1000;
		assumeThat(toOpen).isBetween(2000L, 50_000L);
		List<Closeable> opened = new ArrayList<>();
		try (MockedStatic<SpareDescriptor> descriptor = mockStatic(SpareDescriptor.class)) {
			assertThat(new DescriptorRoom().isAvailable()).isTrue();
			descriptor.verify(SpareDescriptor::isAvailable, never());
			for (int i = 0; i < toOpen; i++) {
				opened.add(new FileInputStream("/dev/null"));
			}
			assertThat(new DescriptorRoom().isAvailable()).isFalse();
			descriptor.verify(SpareDescriptor::isAvailable);
		}
		finally {
			for (Closeable file : opened) {
				file.close();
			}
		}
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
