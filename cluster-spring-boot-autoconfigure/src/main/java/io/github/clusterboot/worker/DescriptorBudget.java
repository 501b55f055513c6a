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
 * Tells whether this process can receive another descriptor, for a caller that receives
 * thousands in a second: {@link SpareDescriptor} costs two system calls each time, and
 * most processes are far from their limit.
 * <p>
 * If {@link #PLENTY} of descriptors are free, this is believed for {@link #BELIEVED}; it
 * would be wrong only if the program opened four of them in every microsecond. If fewer
 * are free, or the system does not tell how many, this class looks for a spare one each
 * time. A limit that is lowered is noticed after that time. As with
 * {@link SpareDescriptor}, another thread may take the last descriptor between the look
 * and the receipt.
 * <p>
 * One thread at a time uses an object of this type.
 */
final class DescriptorBudget {

	/**
	 * A small part of the usual limits, which are 65,536 and more.
	 */
	static final int PLENTY = 8192;

	/**
	 * A worker under load takes ten connections in this time.
	 */
	static final Duration BELIEVED = Duration.ofMillis(2);

	private final Supplier<OptionalLong> free;

	private final BooleanSupplier spare;

	private final LongSupplier nanoTime;

	private long lookedAt;

	private boolean told;

	private boolean plenty;

	/**
	 * Create the budget of this process.
	 */
	DescriptorBudget() {
		this(new Table()::free, SpareDescriptor::isAvailable, System::nanoTime);
	}

	/**
	 * Create a budget.
	 * @param free tells how many descriptors are free; empty if that is not known
	 * @param spare looks for a spare one
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
		 * Since Linux 6.2 its size is the number of open descriptors, before it is 0, see
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
				// another JVM, one without the module, or one that cannot read its
				// container
				return null;
			}
		}

		/**
		 * Return how many descriptors the process may still open.
		 * @return the number; empty if the system does not tell, and never will
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
