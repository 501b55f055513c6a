package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.util.unit.DataSize;

/**
 * What the kernel says of a process, see {@code proc(5)}.
 *
 * @param pid the process id
 * @param state {@code R} running, {@code S} sleeping, {@code T} stopped, {@code Z} zombie
 * @param threads how many threads it has
 * @param resident its resident size
 * @param descriptors how many descriptors it has open
 */
record ProcStatus(long pid, char state, int threads, DataSize resident, int descriptors) {

	/**
	 * Look at a process.
	 * @param pid the process id of a process that lives
	 * @return what the kernel says now
	 */
	static ProcStatus of(long pid) {
		Path directory = Path.of("/proc", String.valueOf(pid));
		try (Stream<Path> descriptors = Files.list(directory.resolve("fd"))) {
			List<String> lines = Files.readAllLines(directory.resolve("status"));
			return new ProcStatus(pid, value(lines, "State:").charAt(0), Integer.parseInt(value(lines, "Threads:")),
					DataSize.ofKilobytes(Long.parseLong(value(lines, "VmRSS:"))), (int) descriptors.count());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return whether no thread of a process runs any more. A signal stops them one after
	 * the other.
	 * @param pid the process id of a process that lives
	 * @return whether all of them have been stopped
	 */
	static boolean isStopped(long pid) {
		try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
			for (Path thread : threads.toList()) {
				if (value(Files.readAllLines(thread.resolve("status")), "State:").charAt(0) != 'T') {
					return false;
				}
			}
			return true;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the effective capabilities of a process, see {@code capabilities(7)}.
	 * @param pid the process id of a process that lives
	 * @return a bit for each
	 */
	static long capabilities(long pid) {
		return Long.parseUnsignedLong(status(pid, "CapEff:"), 16);
	}

	/**
	 * Return the signals that a process ignores.
	 * @param pid the process id of a process that lives
	 * @return a bit for each, the lowest for signal 1
	 */
	static long ignoredSignals(long pid) {
		return Long.parseUnsignedLong(status(pid, "SigIgn:"), 16);
	}

	/**
	 * Return the real user of a process.
	 * @param pid the process id of a process that lives
	 * @return the user's id
	 */
	static int user(long pid) {
		return Integer.parseInt(status(pid, "Uid:"));
	}

	private static String status(long pid, String key) {
		try {
			return value(Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")), key);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the command line of a process.
	 * @param pid the process id of a process that lives
	 * @return the arguments, the command first
	 */
	static List<String> commandLine(long pid) {
		try {
			String line = Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"));
			return List.of(line.substring(0, line.length() - 1).split("\0", -1));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String value(List<String> lines, String key) {
		return lines.stream()
			.filter((line) -> line.startsWith(key))
			.map((line) -> line.substring(key.length()).trim().split("\\s")[0])
			.findFirst()
			.orElse("0");
	}

}
