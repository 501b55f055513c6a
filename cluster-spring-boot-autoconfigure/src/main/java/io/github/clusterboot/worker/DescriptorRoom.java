package io.github.clusterboot.worker;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.clusterboot.ipc.SpareDescriptor;

/**
 * Tells whether this process can receive a descriptor, for one who receives thousands in
 * a second: {@link SpareDescriptor} costs two system calls each time, and most processes
 * are far from their limit.
 * <p>
 * Where {@link #PLENTY} of descriptors are free, that is believed for {@link #BELIEVED}:
 * no process opens as many in that time, since each costs its opener a system call, and
 * all threads of a process share one lock for it. Where fewer are free, or the system
 * does not tell, each descriptor is looked for. One thread at a time uses an object of
 * this type.
 */
final class DescriptorRoom {

	static final int PLENTY = 8192;

	static final Duration BELIEVED = Duration.ofMillis(2);

	private final Supplier<OptionalLong> free;

	private final BooleanSupplier spare;

	private final LongSupplier nanoTime;

	private long lookedAt;

	private boolean told = true;

	private boolean plenty;

	/**
	 * Create one for this process.
	 */
	DescriptorRoom() {
		this(new Table()::free, SpareDescriptor::isAvailable, System::nanoTime);
	}

	/**
	 * Create one.
	 * @param free tells how many descriptors are free; empty if nobody can
	 * @param spare looks for one
	 * @param nanoTime the time
	 */
	DescriptorRoom(Supplier<OptionalLong> free, BooleanSupplier spare, LongSupplier nanoTime) {
		this.free = free;
		this.spare = spare;
		this.nanoTime = nanoTime;
		look(nanoTime.getAsLong());
	}

	/**
	 * Return whether a descriptor can be received.
	 * @return whether the process may open one more
	 */
	boolean isAvailable() {
		if (this.told) {
			long now = this.nanoTime.getAsLong();
			if (now - this.lookedAt >= BELIEVED.toNanos()) {
				look(now);
			}
		}
		return this.plenty || this.spare.getAsBoolean();
	}

	private void look(long now) {
		OptionalLong free = this.free.get();
		this.told = free.isPresent();
		this.plenty = free.orElse(0) >= PLENTY;
		this.lookedAt = now;
	}

	/**
	 * The kernel's table of this process's descriptors.
	 */
	private static final class Table {

		/**
		 * Its size is the number of open descriptors since Linux 6.2, and 0 before, see
		 * {@code proc_pid_fd(5)}.
		 */
		private static final Path OPEN = Path.of("/proc/self/fd");

		/**
		 * Here, since to load it takes longer than a connection should wait.
		 */
		private final Object system = ManagementFactory.getOperatingSystemMXBean();

		OptionalLong free() {
			if (!(this.system instanceof UnixOperatingSystemMXBean unix)) {
				return OptionalLong.empty();
			}
			try {
				long open = Files.size(OPEN);
				return (open > 0) ? OptionalLong.of(unix.getMaxFileDescriptorCount() - open) : OptionalLong.empty();
			}
			catch (IOException ex) {
				// not on Linux
				return OptionalLong.empty();
			}
		}

	}

}
