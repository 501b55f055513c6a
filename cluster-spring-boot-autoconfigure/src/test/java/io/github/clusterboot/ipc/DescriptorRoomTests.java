package io.github.clusterboot.ipc;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.UnixOperatingSystemMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link DescriptorRoom}.
 */
class DescriptorRoomTests {

	@TempDir
	Path process;

	/**
	 * The real files are understood.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void isAvailableInThisProcessDoesNotLookForEach() {
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		assumeThat(system.getMaxFileDescriptorCount()).isGreaterThan(10_000);
		assumeThat(system.getOpenFileDescriptorCount()).isLessThan(1000);
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			assertThat(new DescriptorRoom().isAvailable()).isTrue();
			spare.verify(SpareDescriptor::isAvailable, never());
		}
	}

	@Test
	void isAvailableDoesNotLookForEachWhereTheTableIsSmall() throws IOException {
		write(256, 20_000);
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			DescriptorRoom room = new DescriptorRoom(this.process);
			for (int i = 0; i < 1000; i++) {
				assertThat(room.isAvailable()).isTrue();
			}
			spare.verify(SpareDescriptor::isAvailable, never());
		}
	}

	@Test
	void isAvailableLooksForEachWhereTheLimitIsNear() throws IOException {
		write(16_384, 20_000);
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			DescriptorRoom room = new DescriptorRoom(this.process);
			assertThat(room.isAvailable()).isFalse();
			spare.when(SpareDescriptor::isAvailable).thenReturn(true);
			assertThat(room.isAvailable()).isTrue();
			spare.verify(SpareDescriptor::isAvailable, times(2));
		}
	}

	@Test
	void isAvailableLooksForEachWhereTheSystemDoesNotTell() {
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			assertThat(new DescriptorRoom(this.process).isAvailable()).isFalse();
			spare.verify(SpareDescriptor::isAvailable);
		}
	}

	@Test
	void isAvailableNoticesThatTheTableHasGrown() throws IOException {
		write(256, 20_000);
		try (MockedStatic<SpareDescriptor> spare = mockStatic(SpareDescriptor.class)) {
			DescriptorRoom room = new DescriptorRoom(this.process);
			assertThat(room.isAvailable()).isTrue();
			write(16_384, 20_000);
			int received = 1;
			while (room.isAvailable()) {
				received++;
			}
			assertThat(received).isLessThanOrEqualTo(256);
		}
	}

	private void write(int tableSize, int limit) throws IOException {
		Files.writeString(this.process.resolve("status"), "Name:\tjava\nFDSize:\t" + tableSize + "\nGroups:\t0\n");
		Files.writeString(this.process.resolve("limits"),
				"Limit                     Soft Limit           Hard Limit           Units\n"
						+ "Max processes             95891                95891                processes\n"
						+ "Max open files            %-20d %-20d files\n".formatted(limit, 1_048_576));
	}

}
