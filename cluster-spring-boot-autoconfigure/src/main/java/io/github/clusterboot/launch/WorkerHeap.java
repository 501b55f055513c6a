package io.github.clusterboot.launch;

import java.util.List;

import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.RunningJvm;

import org.springframework.util.unit.DataSize;

/**
 * The maximum heap of each worker.
 * <p>
 * By default a JVM takes a quarter of the memory, which is too much once there are
 * several. If the user has not chosen a maximum, the workers get three quarters together,
 * with one that is ready before another ends; the master and everything outside of the
 * heaps live in the rest.
 *
 * @param options the options that set the maximum; empty if the user did or if the JVM's
 * default will do
 * @param warnings what the user should know
 */
record WorkerHeap(List<String> options, List<String> warnings) {

	private static final double SHARE = 0.75;

	/**
	 * With less a Spring Boot application hardly starts.
	 */
	private static final DataSize SCARCE = DataSize.ofMegabytes(64);

	/**
	 * HotSpot rounds a maximum up to the size of a page or region, which is 2 MB, or up
	 * to 32 MB with G1 and a large heap.
	 */
	private static final long ALIGNMENT = DataSize.ofMegabytes(2).toBytes();

	private static final long LARGE_ALIGNMENT = DataSize.ofMegabytes(32).toBytes();

	private static final long LARGE = DataSize.ofGigabytes(4).toBytes();

	/**
	 * Work out the maximum heap.
	 * @param workers the number of workers
	 * @param jvm the JVM that the workers are started from
	 * @param workerOptions all options of a worker, see {@link JvmOptions#effective}
	 * @return the maximum heap
	 */
	static WorkerHeap of(int workers, RunningJvm jvm, List<String> workerOptions) {
		HeapOptions heapOptions = HeapOptions.of(workerOptions);
		// The JVM knows its defaults best; they differ between releases.
		boolean likeThisJvm = heapOptions.equals(HeapOptions.of(jvm.inputArguments()));
		DataSize maximum = likeThisJvm ? jvm.memory().maximumHeap() : heapOptions.maximum(jvm.memory().total());
		if (!heapOptions.limitMaximum()) {
			DataSize share = DataSize.ofBytes((long) (jvm.memory().total().toBytes() * SHARE / (workers + 1)));
			if (maximum.compareTo(share) <= 0) {
				return new WorkerHeap(List.of(), List.of());
			}
			share = roundDown(share.toBytes());
			if (heapOptions.least().compareTo(share) <= 0) {
				return of(workers, share, jvm.memory().total());
			}
		}
		return ((double) workers * maximum.toBytes() > jvm.memory().total().toBytes())
				? new WorkerHeap(List.of(), List.of(tooMuch(workers, maximum, jvm.memory().total())))
				: new WorkerHeap(List.of(), List.of());
	}

	private static WorkerHeap of(int workers, DataSize share, DataSize memory) {
		List<String> options = List.of("-Xmx" + share.toMegabytes() + "m");
		return new WorkerHeap(options,
				(share.compareTo(SCARCE) < 0) ? List.of(tooLittle(workers, share, memory)) : List.of());
	}

	private static DataSize roundDown(long size) {
		return DataSize.ofBytes(size - size % ((size < LARGE) ? ALIGNMENT : LARGE_ALIGNMENT));
	}

	private static String tooMuch(int workers, DataSize maximum, DataSize memory) {
		return "%d workers with a maximum heap of %d MB each may use %d MB together, and the JVM sees %d MB of memory. "
			.formatted(workers, maximum.toMegabytes(), workers * maximum.toMegabytes(), memory.toMegabytes())
				+ "Lower the maximum heap or 'cluster.workers'.";
	}

	private static String tooLittle(int workers, DataSize share, DataSize memory) {
		return "%d workers get a maximum heap of only %d MB each, as the JVM sees %d MB of memory. ".formatted(workers,
				share.toMegabytes(), memory.toMegabytes()) + "Lower 'cluster.workers', or choose a heap with '-Xmx'.";
	}

}
