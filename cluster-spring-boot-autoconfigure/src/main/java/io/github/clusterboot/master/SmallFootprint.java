package io.github.clusterboot.master;

import java.lang.management.ManagementFactory;
import java.time.Duration;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.process.JvmCommand;
import org.apache.commons.logging.Log;

/**
 * Gives back the memory that the master's JVM has taken and no longer needs.
 * <p>
 * By default HotSpot begins with a heap of 1/64 of the machine's memory, and lets garbage
 * of the start lie until that is full. What the master needs from then on is little, so
 * it collects once and keeps the heap near to what lives in it. The C library keeps what
 * the JIT compilers have worked with, at the start and whenever the load becomes another;
 * it is asked for that again and again, as by {@code -XX:TrimNativeHeapInterval}, which
 * can be set only on the command line.
 */
final class SmallFootprint {

	private static final Log logger = MasterLog.of(SmallFootprint.class);

	/**
	 * In percent of the heap. HotSpot leaves up to 70 after a full collection. G1 rounds
	 * up to whole regions (of 4 MB if the heap may become 6 GB), and takes more if it
	 * would otherwise spend too much of the time in pauses.
	 */
	private static final int MOST_FREE = 10;

	private static final int LEAST_FREE = 5;

	private static final Duration TRIM_INTERVAL = Duration.ofSeconds(10);

	private SmallFootprint() {
	}

	/**
	 * Do it from now on, in a thread of its own: to collect takes some ten milliseconds,
	 * during which nothing else runs in this JVM, and to get at the JVM's commands some
	 * hundred.
	 */
	static void keep() {
		Thread thread = new Thread(SmallFootprint::run, "cluster-small-footprint");
		thread.setDaemon(true);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// no thread can be made
			logger.debug("The master's memory keeps its size", ex);
		}
	}

	private static void run() {
		// first: its own garbage, too, is to be collected
		boolean trims = trimNativeHeap();
		shrinkHeap();
		try {
			while (trims && trimNativeHeap()) {
				Thread.sleep(TRIM_INTERVAL.toMillis());
			}
		}
		catch (InterruptedException ex) {
			// nothing interrupts this thread
			Thread.currentThread().interrupt();
		}
	}

	static void shrinkHeap() {
		if (keepHeapSmall()) {
			System.gc();
		}
	}

	/**
	 * Keep the heap near to what lives in it, unless the user has set how much of it is
	 * to be free.
	 * @return whether the JVM does
	 */
	private static boolean keepHeapSmall() {
		try {
			HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
			if (isSet(hotSpot, "MinHeapFreeRatio") || isSet(hotSpot, "MaxHeapFreeRatio")) {
				return false;
			}
			// both may be changed while the JVM runs, but the one may never be above the
			// other
			hotSpot.setVMOption("MinHeapFreeRatio", String.valueOf(LEAST_FREE));
			hotSpot.setVMOption("MaxHeapFreeRatio", String.valueOf(MOST_FREE));
			return true;
		}
		catch (RuntimeException | LinkageError ex) {
			// another JVM, or a collector without them
			logger.debug("The heap keeps its size", ex);
			return false;
		}
	}

	/**
	 * Have the C library give back what it keeps for the next time
	 * ({@code malloc_trim(3)}).
	 * @return whether the JVM can do that
	 */
	private static boolean trimNativeHeap() {
		// on Linux, from JDK 17.0.9 on
		return JvmCommand.run("systemTrimNativeHeap");
	}

	private static boolean isSet(HotSpotDiagnosticMXBean hotSpot, String option) {
		return switch (hotSpot.getVMOption(option).getOrigin()) {
			case VM_CREATION, ENVIRON_VAR, CONFIG_FILE -> true;
			default -> false;
		};
	}

}
