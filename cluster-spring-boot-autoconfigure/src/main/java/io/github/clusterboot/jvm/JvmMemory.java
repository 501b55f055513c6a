package io.github.clusterboot.jvm;

import java.lang.management.ManagementFactory;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;

import org.springframework.util.unit.DataSize;

/**
 * The memory of a JVM.
 *
 * @param total the memory that the JVM sees: the container's limit or the machine's
 * @param maximumHeap the JVM's maximum heap
 * @param trimsNativeHeap whether the JVM has the option {@link #TRIM_INTERVAL}, and the
 * system a way to do that
 */
public record JvmMemory(DataSize total, DataSize maximumHeap, boolean trimsNativeHeap) {

	/**
	 * The option that has the JVM give back memory of the C library now and then.
	 */
	public static final String TRIM_INTERVAL = "TrimNativeHeapInterval";

	static JvmMemory current() {
		return new JvmMemory(
				DataSize.ofBytes(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()),
				currentMaximumHeap(), currentTrimsNativeHeap());
	}

	/**
	 * {@link Runtime#maxMemory()} leaves out a survivor space with some collectors.
	 */
	private static DataSize currentMaximumHeap() {
		try {
			HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
			return DataSize.ofBytes(Long.parseLong(hotSpot.getVMOption("MaxHeapSize").getValue()));
		}
		catch (RuntimeException ex) {
			return DataSize.ofBytes(Runtime.getRuntime().maxMemory());
		}
	}

	/**
	 * JDK 22 has the option, and so have 17.0.9 and 21.0.1. Of an option that there is
	 * not, or not without another one that unlocks it, the JVM says that it does not
	 * exist.
	 */
	private static boolean currentTrimsNativeHeap() {
		try {
			ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).getVMOption(TRIM_INTERVAL);
			return System.getProperty("os.name").equals("Linux");
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

}
