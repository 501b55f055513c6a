package io.github.clusterboot.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.clusterboot.archive.AotCache;
import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.jvm.WorkingDirectory;

/**
 * The JVM options of workers: those of this JVM, with what two processes cannot share
 * made the worker's own, those that share the machine among the workers, and the user's.
 */
final class WorkerJvmOptions {

	private final JvmOptions inherited;

	private final WorkingDirectory directory;

	private final List<String> effective;

	private final WorkerHeap heap;

	private final List<String> memory;

	private final List<String> additional;

	private final ClassArchive archive;

	private final AotCache aotCache;

	private final PerWorkerOptions perWorker;

	/**
	 * Work the options out. Takes as long as a JVM takes to start if there is an AOT
	 * cache.
	 * @param jvm the JVM that the workers are started from
	 * @param launch how it was launched
	 * @param options what workers have beyond this process
	 * @param inherited the options of this JVM
	 */
	WorkerJvmOptions(RunningJvm jvm, LaunchCommand launch, WorkerOptions options, JvmOptions inherited) {
		this.inherited = inherited;
		this.directory = launch.directory();
		this.effective = inherited.effective(options.jvmArgs());
		this.heap = WorkerHeap.of(options.workers(), jvm, this.effective);
		this.memory = join(this.heap.options(), InitialHeap.of(options.workers(), jvm, this.effective).options(),
				NativeHeap.of(jvm, this.effective).options());
		this.additional = additional(jvm);
		this.archive = new ClassArchive(this.effective, this.directory);
		this.aotCache = AotCache.of(launch, join(this.effective, this.additional));
		this.perWorker = new PerWorkerOptions(
				(option) -> this.archive.excludes(option) || this.aotCache.excludes(option), this.directory);
	}

	private static List<String> additional(RunningJvm jvm) {
		List<String> additional = new ArrayList<>();
		// SocketChannels are made over received descriptors.
		additional.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
		// JDK 24 and later warn when a library loads native code (JEP 472), JDK 22 and 23
		// when it calls some by the foreign function API (JEP 454).
		if (jvm.feature() >= 22) {
			additional.add("--enable-native-access=ALL-UNNAMED");
		}
		return additional;
	}

	/**
	 * Return all options of a worker, as far as they are the same for all workers.
	 * @return the options, those of the environment included
	 */
	List<String> common() {
		return join(this.effective.stream().filter(Predicate.not(this.aotCache::excludes)).toList(), this.memory,
				this.additional);
	}

	/**
	 * Return what makes options in the environment a worker's own.
	 * @return the adaptation
	 */
	PerWorkerOptions perWorker() {
		return this.perWorker;
	}

	/**
	 * Return the options that a worker's JMX ports need.
	 * @param jvmArgs the user's options for the worker
	 * @param index the worker's index
	 * @return the options; may show what others must not read
	 */
	List<String> jmx(List<String> jvmArgs, int index) {
		return JmxPorts.configured(this.inherited.effective(jvmArgs), index, this.directory);
	}

	/**
	 * Return the options on a worker's command line.
	 * @param first those that come first
	 * @param jvmArgs the user's options for the worker
	 * @param jmx see {@link #jmx}
	 * @param index the worker's index
	 * @return the options
	 */
	List<String> commandLine(List<String> first, List<String> jvmArgs, List<String> jmx, int index) {
		return join(first, this.perWorker.adapt(this.inherited.commandLine(), index), this.memory,
				this.perWorker.adapt(jvmArgs, index), jmx, this.additional);
	}

	/**
	 * Return what the user should know of the heap.
	 * @return the warnings
	 */
	List<String> heapWarnings() {
		return this.heap.warnings();
	}

	/**
	 * Return what the user should know of archives of classes that are his own.
	 * @return the warnings
	 */
	List<String> archiveWarnings() {
		List<String> warnings = new ArrayList<>(this.aotCache.warnings(this.additional));
		if (!this.archive.writing().isEmpty()) {
			warnings.add("Workers ignore %s, and the master would write its own classes only. "
				.formatted(String.join(" ", this.archive.writing()))
					+ "Set 'cluster.enabled' to false in the run that makes the archive.");
		}
		return warnings;
	}

	@SafeVarargs
	private static List<String> join(List<String>... lists) {
		return Stream.of(lists).flatMap(List::stream).toList();
	}

}
