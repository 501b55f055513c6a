package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The connections that the kernel knows, see {@code tcp} and {@code fd} in
 * {@code proc(5)}.
 */
final class TcpConnections {

	private static final int LOCAL_ADDRESS = 1;

	private static final int STATE = 3;

	/**
	 * {@code TCP_LISTEN} of {@code net/tcp_states.h}.
	 */
	private static final String LISTEN = "0A";

	private static final int INODE = 9;

	/**
	 * The kernel gives the tables in pieces: while others change them, one read may miss
	 * a line.
	 */
	private static final int READS = 3;

	private TcpConnections() {
	}

	/**
	 * Return how many connections at a port a process has open.
	 * @param pid the process id of a process that lives
	 * @param port the local port
	 * @return how many of its descriptors are such connections
	 */
	static long count(long pid, int port) {
		String end = ":%04X".formatted(port);
		return count(pid, (columns) -> columns[LOCAL_ADDRESS].endsWith(end));
	}

	/**
	 * Return how many ports a process listens on.
	 * @param pid the process id of a process that lives
	 * @return how many of its descriptors are listening sockets
	 */
	static long listening(long pid) {
		return count(pid, (columns) -> columns[STATE].equals(LISTEN));
	}

	private static long count(long pid, Predicate<String[]> predicate) {
		try {
			List<String> sockets = socketsOf(pid);
			Set<String> connections = new HashSet<>();
			for (int i = 0; i < READS; i++) {
				connections.addAll(find("/proc/net/tcp", predicate));
				connections.addAll(find("/proc/net/tcp6", predicate));
			}
			return sockets.stream().filter(connections::contains).count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> socketsOf(long pid) throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
			return descriptors.map(TcpConnections::target).toList();
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			// closed meanwhile
			return "";
		}
	}

	private static List<String> find(String table, Predicate<String[]> predicate) throws IOException {
		return Files.readAllLines(Path.of(table))
			.stream()
			.map((line) -> line.trim().split("\\s+"))
			.filter(predicate)
			.map((columns) -> "socket:[" + columns[INODE] + "]")
			.toList();
	}

}
