package io.github.clusterboot.ipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Tells whether this process can receive a descriptor, for one who receives many:
 * {@link SpareDescriptor} costs two system calls for each, and most processes are far
 * from their limit.
 * <p>
 * The kernel's table of a process's descriptors never has fewer places than there are
 * descriptors, and is doubled when it is full. Its size is {@code FDSize} in
 * {@code /proc/self/status}, see {@code proc(5)}. Where that cannot be read, or the limit
 * is near, each descriptor is looked for. One thread at a time uses an object of this
 * type.
 */
public final class DescriptorRoom {

	/**
	 * More than a process opens from one look to the next.
	 */
	private static final int PLENTY = 4096;

	private static final int RECEIVED_PER_LOOK = 256;

	private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

	private static final String TABLE_SIZE = "FDSize:";

	private static final String LIMIT = "Max open files";

	private final Path process;

	private long lookedAt = System.nanoTime() - LOOK_INTERVAL.toNanos();

	private boolean plenty;

	private int received;

	/**
	 * Create one for this process.
	 */
	public DescriptorRoom() {
		this(Path.of("/proc/self"));
	}

	DescriptorRoom(Path process) {
		this.process = process;
	}

	/**
	 * Return whether a descriptor can be received, which the caller does if it can.
	 * @return whether the process may open one more
	 */
	public boolean isAvailable() {
		long now = System.nanoTime();
		if (this.received == RECEIVED_PER_LOOK || now - this.lookedAt >= LOOK_INTERVAL.toNanos()) {
			this.plenty = limit() - tableSize() >= PLENTY;
			this.received = 0;
			this.lookedAt = now;
		}
		this.received++;
		return this.plenty || SpareDescriptor.isAvailable();
	}

	private int tableSize() {
		return read("status", TABLE_SIZE, Integer.MAX_VALUE);
	}

	/**
	 * The soft limit, which comes first.
	 */
	private int limit() {
		return read("limits", LIMIT, 0);
	}

	private int read(String file, String name, int otherwise) {
		try {
			return Files.readAllLines(this.process.resolve(file))
				.stream()
				.filter((line) -> line.startsWith(name))
				.findFirst()
				.map((line) -> Integer.parseInt(line.substring(name.length()).strip().split("\\s+")[0]))
				.orElse(otherwise);
		}
		catch (IOException | NumberFormatException ex) {
			return otherwise;
		}
	}

}
