package io.github.clusterboot.launch;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import io.github.clusterboot.jvm.WorkingDirectory;
import org.jspecify.annotations.Nullable;

/**
 * Makes those JVM options that two processes cannot share a worker's own.
 */
final class PerWorkerOptions {

	private final Predicate<String> excluded;

	private final WorkingDirectory directory;

	/**
	 * Create the adaptation.
	 * @param excluded the options that no worker must have
	 * @param directory the workers' directory
	 */
	PerWorkerOptions(Predicate<String> excluded, WorkingDirectory directory) {
		this.excluded = excluded;
		this.directory = directory;
	}

	/**
	 * Return the options for a worker.
	 * @param options the options as the master has them
	 * @param index the index of the worker
	 * @return the options; what a worker must not have is left out
	 */
	List<String> adapt(List<String> options, int index) {
		return options.stream().map((option) -> adapt(option, index)).filter(Objects::nonNull).toList();
	}

	private @Nullable String adapt(String option, int index) {
		JdwpOption jdwp = JdwpOption.parse(option);
		if (jdwp != null) {
			return jdwp.forWorker(index);
		}
		if (this.excluded.test(option)) {
			return null;
		}
		return OutputFileOption.forWorker(JmxPorts.forWorker(option, index), index, this.directory);
	}

}
