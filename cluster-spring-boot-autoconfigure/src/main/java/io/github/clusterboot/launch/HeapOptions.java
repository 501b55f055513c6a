package io.github.clusterboot.launch;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Those of a JVM's options that decide how large its heap is and may become.
 *
 * @param options the options, of two that contradict each other the later one holds
 */
record HeapOptions(List<String> options) {

	private static final Pattern CONCERNED = Pattern
		.compile("-X(?:mx|ms).*|-XX:\\+AggressiveHeap|-XX:(?:(?:Max|Initial|Min|SoftMax)HeapSize"
				+ "|MaxRAM|(?:Max|Min)RAM(?:Percentage|Fraction))=.*");

	private static final Pattern LIMIT = Pattern
		.compile("-Xmx.*|-XX:\\+AggressiveHeap|-XX:(?:MaxHeapSize|MaxRAM|MaxRAM(?:Percentage|Fraction))=.*");

	private static final Pattern SIZE = Pattern.compile("(0x\\p{XDigit}+|\\d+)([kmgtKMGT]?)");

	/**
	 * The default of {@code MaxHeapSize} in HotSpot's {@code gc_globals.hpp}, on 64 bits
	 * and rounded up. The percentages only matter above it.
	 */
	private static final long USUAL_MINIMUM = DataSize.ofMegabytes(126).toBytes();

	static HeapOptions of(List<String> options) {
		return new HeapOptions(options.stream()
			.map(HeapOptions::normalize)
			.filter((option) -> CONCERNED.matcher(option).matches())
			.toList());
	}

	/**
	 * A {@code -XX:Flags} file has flags without {@code -XX:}, and the launcher knows
	 * {@code -mx} and {@code -ms}.
	 */
	private static String normalize(String option) {
		if (option.startsWith("-mx") || option.startsWith("-ms")) {
			return "-X" + option.substring(1);
		}
		return option.startsWith("-") ? option : "-XX:" + option;
	}

	/**
	 * Return whether the maximum was chosen by the user.
	 * @return whether there is an option that sets the maximum
	 */
	boolean limitMaximum() {
		return this.options.stream().anyMatch((option) -> LIMIT.matcher(option).matches());
	}

	/**
	 * Return the size below which the maximum cannot be set: the JVM would not start.
	 * @return the size
	 */
	DataSize least() {
		return DataSize.ofBytes(Stream.of("-Xms", "-XX:InitialHeapSize=", "-XX:MinHeapSize=", "-XX:SoftMaxHeapSize=")
			.mapToLong((name) -> size(last(name), 0))
			.max()
			.orElse(0));
	}

	/**
	 * Work out the maximum as {@code Arguments::set_heap_size} of HotSpot does.
	 * @param memory the memory that the JVM sees
	 * @return the maximum heap
	 */
	DataSize maximum(DataSize memory) {
		long explicit = size(last("-Xmx", "-XX:MaxHeapSize="), 0);
		if (explicit > 0) {
			return DataSize.ofBytes(explicit);
		}
		if (last("-XX:+AggressiveHeap") != null) {
			return DataSize.ofBytes(memory.toBytes() / 2);
		}
		double usable = usable(memory).toBytes();
		long small = (long) (usable * percentage("Min", 50) / 100);
		long usual = (long) (usable * percentage("Max", 25) / 100);
		long maximum = (small < USUAL_MINIMUM) ? small : Math.max(usual, USUAL_MINIMUM);
		return DataSize.ofBytes(Math.max(maximum, least().toBytes()));
	}

	/**
	 * Return the memory that percentages are of.
	 * @param memory the memory that the JVM sees
	 * @return as much of it as the options let the JVM use
	 */
	DataSize usable(DataSize memory) {
		return DataSize.ofBytes(size(last("-XX:MaxRAM="), memory.toBytes()));
	}

	private double percentage(String which, double defaultPercentage) {
		double fraction = number(last("-XX:" + which + "RAMFraction="), 100 / defaultPercentage);
		return number(last("-XX:" + which + "RAMPercentage="), 100 / fraction);
	}

	private @Nullable String last(String... names) {
		String value = null;
		for (String option : this.options) {
			for (String name : names) {
				if (option.startsWith(name)) {
					value = option.substring(name.length());
				}
			}
		}
		return value;
	}

	private static double number(@Nullable String value, double defaultNumber) {
		try {
			return (value != null) ? Double.parseDouble(value) : defaultNumber;
		}
		catch (NumberFormatException ex) {
			return defaultNumber;
		}
	}

	private static long size(@Nullable String value, long defaultSize) {
		Matcher matcher = SIZE.matcher((value != null) ? value : "");
		if (!matcher.matches()) {
			return defaultSize;
		}
		int shift = 10 * List.of("", "k", "m", "g", "t").indexOf(matcher.group(2).toLowerCase(Locale.ROOT));
		try {
			return Math.multiplyExact(Long.decode(matcher.group(1)), 1L << shift);
		}
		catch (NumberFormatException | ArithmeticException ex) {
			return defaultSize;
		}
	}

}
