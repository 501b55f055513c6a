package io.github.clusterboot.launch;

import java.time.Duration;
import java.util.List;

import io.github.clusterboot.jvm.JvmMemory;
import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.RunningJvm;

/**
 * What each worker gives back of the memory outside of its heap.
 * <p>
 * The C library keeps what the JIT compilers have worked with: some ten megabytes if two
 * threads have compiled at once, and that in each worker. HotSpot gives it back when told
 * to do so now and then.
 *
 * @param options the options that tell it; empty if the user has chosen, or if the JVM
 * cannot do it
 */
record NativeHeap(List<String> options) {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	/**
	 * Choose.
	 * @param jvm the JVM that the workers are started from
	 * @param workerOptions all options of a worker, see {@link JvmOptions#effective}
	 * @return what the user has not chosen
	 */
	static NativeHeap of(RunningJvm jvm, List<String> workerOptions) {
		String option = "-XX:" + JvmMemory.TRIM_INTERVAL + "=";
		boolean chosen = workerOptions.stream().anyMatch((other) -> other.startsWith(option));
		return new NativeHeap(
				(jvm.memory().trimsNativeHeap() && !chosen) ? List.of(option + INTERVAL.toMillis()) : List.of());
	}

}
