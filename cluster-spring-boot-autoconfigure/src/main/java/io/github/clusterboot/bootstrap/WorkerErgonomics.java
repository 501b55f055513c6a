package io.github.clusterboot.bootstrap;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.util.unit.DataSize;

/**
 * What HotSpot chooses by the size of the machine, chosen by a worker's share of it.
 * <p>
 * HotSpot takes the machine for one JVM's: with two processors and 1,792 MB it collects
 * with G1, whose own threads then compete with those of the other workers, and it begins
 * with a heap of 1/64 of the memory. Here the same rules are applied to what one worker
 * gets. Whatever the user has chosen stays.
 *
 * @param options the options; empty where HotSpot's choice will do, or the user has
 * chosen
 */
record WorkerErgonomics(List<String> options) {

	/**
	 * {@code os::is_server_class_machine} of HotSpot asks for that many processors.
	 */
	private static final int PROCESSORS_FOR_G1 = 2;

	/**
	 * The memory that it asks for: 2 GB, less what a system may keep to itself.
	 */
	private static final DataSize MEMORY_FOR_G1 = DataSize.ofMegabytes(1792);

	/**
	 * The default of {@code InitialRAMPercentage} in HotSpot's {@code gc_globals.hpp}.
	 */
	private static final double INITIAL_PERCENTAGE = 1.5625;

	/**
	 * A Spring Boot application fills that much while it starts.
	 */
	private static final DataSize LEAST_INITIAL_HEAP = DataSize.ofMegabytes(64);

	/**
	 * What chooses a collector, or has a meaning for G1 alone.
	 */
	private static final Pattern COLLECTOR = Pattern
		.compile("-XX:(?:[+-]Use\\w*GC|[+-]?G1\\w+(?:=.*)?|MaxGCPauseMillis=.*|[+-]AggressiveHeap"
				+ "|[+-](?:Always|Never)ActAsServerClassMachine)");

	private static final Pattern INITIAL_HEAP = Pattern
		.compile("-X?ms.*|-XX:(?:InitialHeapSize|MinHeapSize|InitialRAM(?:Percentage|Fraction))=.*"
				+ "|-XX:\\+AggressiveHeap");

	/**
	 * Choose.
	 * @param workers the number of workers
	 * @param jvm the JVM that the workers are started from
	 * @param workerOptions all options of a worker, see {@link JvmOptions#effective}
	 * @return what the user has not chosen
	 */
	static WorkerErgonomics of(int workers, RunningJvm jvm, List<String> workerOptions) {
		if (workers == 1) {
			return new WorkerErgonomics(List.of());
		}
		Stream<String> collector = isChosen(COLLECTOR, workerOptions) ? Stream.empty() : collector(workers, jvm);
		Stream<String> heap = isChosen(INITIAL_HEAP, workerOptions) ? Stream.empty() : initialHeap(workers, jvm);
		return new WorkerErgonomics(Stream.concat(collector, heap).toList());
	}

	private static boolean isChosen(Pattern pattern, List<String> options) {
		return options.stream().anyMatch((option) -> pattern.matcher(option).matches());
	}

	private static Stream<String> collector(int workers, RunningJvm jvm) {
		boolean small = jvm.processors() / workers < PROCESSORS_FOR_G1
				|| jvm.memory().toBytes() / workers < MEMORY_FOR_G1.toBytes();
		return small ? Stream.of("-XX:+UseSerialGC") : Stream.empty();
	}

	private static Stream<String> initialHeap(int workers, RunningJvm jvm) {
		double least = 100.0 * LEAST_INITIAL_HEAP.toBytes() / jvm.memory().toBytes();
		double percentage = Math.max(INITIAL_PERCENTAGE / workers, least);
		return (percentage < INITIAL_PERCENTAGE)
				? Stream.of(String.format(Locale.ROOT, "-XX:InitialRAMPercentage=%.4f", percentage)) : Stream.empty();
	}

}
