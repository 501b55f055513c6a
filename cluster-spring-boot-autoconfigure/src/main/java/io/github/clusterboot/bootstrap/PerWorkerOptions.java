package io.github.clusterboot.bootstrap;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Makes those JVM options that two processes cannot share a worker's own.
 */
final class PerWorkerOptions {

	private final ClassArchive archive;

	private final WorkingDirectory directory;

	PerWorkerOptions(ClassArchive archive, WorkingDirectory directory) {
		this.archive = archive;
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
		if (this.archive.excludes(option)) {
			return null;
		}
		return OutputFileOption.forWorker(JmxPorts.forWorker(option, index), index, this.directory);
	}

}
