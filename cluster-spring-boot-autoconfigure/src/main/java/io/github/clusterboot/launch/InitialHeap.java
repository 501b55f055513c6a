package io.github.clusterboot.launch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.RunningJvm;

import org.springframework.util.unit.DataSize;

/**
 * The heap that each worker begins with.
 * <p>
 * HotSpot begins with 1/64 of the memory, as if it were alone on the machine. G1 fills
 * what it has begun with before it collects, and gives it back only after it has marked
 * what lives, which a worker that starts from an archive has no reason to do for long: it
 * is the loading of classes that makes other JVMs do so while they start. So workers
 * begin with little, and G1 takes more when its pauses say so.
 *
 * @param options the options that set the initial heap; empty if the user did, or if the
 * JVM's default will do
 */
record InitialHeap(List<String> options) {

	/**
	 * The default of {@code InitialRAMPercentage} in HotSpot's {@code gc_globals.hpp}.
	 */
	private static final double USUAL_PERCENTAGE = 1.5625;

	/**
	 * A Spring Boot application fills that much while it starts.
	 */
	private static final DataSize LITTLE = DataSize.ofMegabytes(64);

	private static final Pattern CHOSEN = Pattern
		.compile("-X?ms.*|-XX:(?:InitialHeapSize|MinHeapSize|InitialRAM(?:Percentage|Fraction))=.*"
				+ "|-XX:\\+AggressiveHeap");

	/**
	 * Work out the initial heap.
	 * @param workers the number of workers
	 * @param jvm the JVM that the workers are started from
	 * @param workerOptions all options of a worker, see {@link JvmOptions#effective}
	 * @return the initial heap
	 */
	static InitialHeap of(int workers, RunningJvm jvm, List<String> workerOptions) {
		if (workerOptions.stream().anyMatch((option) -> CHOSEN.matcher(option).matches())) {
			return new InitialHeap(List.of());
		}
		DataSize memory = HeapOptions.of(workerOptions).usable(jvm.memory().total());
		double percentage = 100.0 * LITTLE.toBytes() / memory.toBytes();
		return new InitialHeap((workers > 1 && percentage < USUAL_PERCENTAGE)
				? List.of(String.format(Locale.ROOT, "-XX:InitialRAMPercentage=%.4f", percentage)) : List.of());
	}

}
