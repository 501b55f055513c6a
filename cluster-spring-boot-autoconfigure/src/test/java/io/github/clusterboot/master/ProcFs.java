package io.github.clusterboot.master;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel tells of processes and sockets, see {@code proc(5)}.
 */
public final class ProcFs {

	/**
	 * {@code USER_HZ}, which is 100 on every architecture that the JDK runs on, see
	 * {@code times(2)}.
	 */
	private static final int TICKS_PER_SECOND = 100;

	private static final Path PROC = Path.of("/proc");

	/**
	 * What a command begins with so that its process does not ignore {@code HUP} and
	 * {@code INT}, as it would where the build does: under {@code nohup}, or in the
	 * background of a script.
	 */
	static final List<String> HEEDING_SIGNALS = ignoresSignal(1) || ignoresSignal(2)
			? List.of("env", "--default-signal=HUP,INT") : List.of();

	private ProcFs() {
	}

	/**
	 * Return how many descriptors a process has open.
	 * @param pid the process
	 * @return the number
	 * @throws IOException if there is no such process
	 */
	public static long descriptors(long pid) throws IOException {
		try (Stream<Path> descriptors = Files.list(process(pid).resolve("fd"))) {
			return descriptors.count();
		}
	}

	/**
	 * Return the path of a descriptor that a process has open.
	 * @param pid the process
	 * @param target matches what the descriptor is of
	 * @return the path, which can be opened
	 * @throws IOException if there is no such process
	 */
	static Path descriptorOf(long pid, String target) throws IOException {
		Pattern pattern = Pattern.compile(target);
		try (Stream<Path> descriptors = Files.list(process(pid).resolve("fd"))) {
			return descriptors.filter((descriptor) -> pattern.matcher(targetOf(descriptor)).find())
				.findFirst()
				.orElseThrow();
		}
	}

	private static String targetOf(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			// closed meanwhile
			return "";
		}
	}

	static int threads(long pid) throws IOException {
		return Integer.parseInt(status(pid, "Threads"));
	}

	private static boolean ignoresSignal(int signal) {
		try {
			return (Long.parseUnsignedLong(status(ProcessHandle.current().pid(), "SigIgn"), 16) >> (signal - 1)
					& 1) != 0;
		}
		catch (IOException ex) {
			// not Linux
			return false;
		}
	}

	private static String status(long pid, String field) throws IOException {
		return Files.readAllLines(process(pid).resolve("status"))
			.stream()
			.filter((line) -> line.startsWith(field + ":"))
			.findFirst()
			.orElseThrow()
			.substring(field.length() + 1)
			.trim();
	}

	/**
	 * Return how much processor time a process has used.
	 * @param pid the process
	 * @return the time, in steps of 10 ms
	 * @throws IOException if there is no such process
	 */
	static Duration cpuTime(long pid) throws IOException {
		String[] afterName = stat(pid);
		long ticks = Long.parseLong(afterName[11]) + Long.parseLong(afterName[12]);
		return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
	}

	/**
	 * Return the state of a process, for instance {@code T} for one that is stopped.
	 * @param pid the process
	 * @return the state
	 * @throws IOException if there is no such process
	 */
	static String state(long pid) throws IOException {
		return stat(pid)[0];
	}

	private static String[] stat(long pid) throws IOException {
		String stat = Files.readString(process(pid).resolve("stat"));
		return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
	}

	/**
	 * Return the processes whose command line contains a text.
	 * @param text the text
	 * @return the process ids
	 */
	static List<Long> processesWith(String text) {
		return ProcessHandle.allProcesses()
			.map(ProcessHandle::pid)
			.filter((pid) -> pid != ProcessHandle.current().pid() && commandLine(pid).contains(text))
			.toList();
	}

	private static String commandLine(long pid) {
		try {
			return Files.readString(process(pid).resolve("cmdline"), StandardCharsets.ISO_8859_1);
		}
		catch (NoSuchFileException ex) {
			return "";
		}
		catch (IOException ex) {
			// ESRCH: it has ended while it was read
			return "";
		}
	}

	/**
	 * Return the Unix-domain sockets whose path contains a text.
	 * @param text the text
	 * @return a line for each
	 */
	static List<String> unixSocketsWith(String text) {
		try (Stream<String> lines = Files.lines(PROC.resolve("net/unix"))) {
			return lines.filter((line) -> line.contains(text)).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path process(long pid) {
		return PROC.resolve(String.valueOf(pid));
	}

}
