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
import io.github.clusterboot.os.SpareDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether this process can receive a descriptor, for one who receives thousands in
 * a second: {@link SpareDescriptor} costs two system calls each time, and most processes
 * are far from their limit.
 * <p>
 * Where {@link #PLENTY} of descriptors are free, that is believed for {@link #BELIEVED}:
 * it would be wrong where a program opened four in each microsecond of it. Where fewer
 * are free, or the system does not tell how many, it looks for a spare one each time. A
 * limit that is lowered is noticed after that time. As with {@link SpareDescriptor},
 * another thread may take the last descriptor between the look and the receipt.
 * <p>
 * One thread at a time uses an object of this type.
 */
final class DescriptorBudget {

	/**
	 * A small part of the limits that are usual now, 65,536 and above.
	 */
	static final int PLENTY = 8192;

	/**
	 * Under load a worker takes ten connections in this time.
	 */
	static final Duration BELIEVED = Duration.ofMillis(2);

	private final Supplier<OptionalLong> free;

	private final BooleanSupplier spare;

	private final LongSupplier nanoTime;

	private long lookedAt;

	private boolean told;

	private boolean plenty;

	/**
	 * Create one for this process.
	 */
	DescriptorBudget() {
		this(new Table()::free, SpareDescriptor::isAvailable, System::nanoTime);
	}

	/**
	 * Create one.
	 * @param free tells how many descriptors are free; empty if nobody can
	 * @param spare looks for one
	 * @param nanoTime the time
	 */
	DescriptorBudget(Supplier<OptionalLong> free, BooleanSupplier spare, LongSupplier nanoTime) {
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
		OptionalLong number = this.free.get();
		this.told = number.isPresent();
		this.plenty = number.orElse(0) >= PLENTY;
		this.lookedAt = now;
	}

	/**
	 * The kernel's table of this process's descriptors.
	 */
	static final class Table {

		/**
		 * Its size is the number of open descriptors since Linux 6.2, and 0 before, see
		 * "List of symlinks to open files" in the kernel's
		 * {@code Documentation/filesystems/proc.rst}.
		 */
		private static final Path OPEN = Path.of("/proc/self/fd");

		private final @Nullable UnixOperatingSystemMXBean system = system();

		private static @Nullable UnixOperatingSystemMXBean system() {
			try {
				return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
			}
			catch (RuntimeException | LinkageError ex) {
				// another JVM, one without the module, or a container it fails to read
				return null;
			}
		}

		/**
		 * Return how many descriptors the process may still open.
		 * @return the number; empty if the system does not tell it, and never will
		 */
		OptionalLong free() {
			try {
				long open = Files.size(OPEN);
				return (open > 0 && this.system != null)
						? OptionalLong.of(this.system.getMaxFileDescriptorCount() - open) : OptionalLong.empty();
			}
			catch (IOException ex) {
				// macOS, or no /proc is mounted
				return OptionalLong.empty();
			}
		}

	}

}
