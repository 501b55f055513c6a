package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.clusterboot.Scheduling;
import io.github.clusterboot.master.loop.Durations;
import io.github.clusterboot.worker.PlainWorker;

/**
 * The settings of a {@link MasterRunner}. Durations are short, so that tests are.
 */
final class MasterBuilder {

	private final Map<String, String> properties = new LinkedHashMap<>();

	private final List<String> masterOptions = new ArrayList<>();

	private UnaryOperator<List<String>> user = OrdinaryUser::command;

	MasterBuilder(int workers) {
		set("workers", workers);
		concurrentStarts(workers);
		scheduling(Scheduling.ROUND_ROBIN);
		backlog(1024);
		startTimeout(Duration.ofSeconds(30));
		drainTimeout(Duration.ofSeconds(5));
		heartbeatTimeout(Duration.ofSeconds(30));
		maxRequests(0);
		maxLifetime(Duration.ZERO);
		maxMemory(0);
		shutdownTimeout(Duration.ofSeconds(15));
		restart(Duration.ofMillis(20), 2, Duration.ofSeconds(1), Duration.ofSeconds(30));
	}

	MasterBuilder concurrentStarts(int limit) {
		return set("concurrentStarts", limit);
	}

	MasterBuilder firstAlone() {
		return set("firstAlone", true);
	}

	MasterBuilder scheduling(Scheduling scheduling) {
		return set("scheduling", scheduling.name());
	}

	MasterBuilder backlog(int backlog) {
		return set("backlog", backlog);
	}

	MasterBuilder startTimeout(Duration timeout) {
		return set("startTimeout", timeout);
	}

	MasterBuilder drainTimeout(Duration timeout) {
		return set("drainTimeout", timeout);
	}

	MasterBuilder heartbeatTimeout(Duration timeout) {
		return set("heartbeatTimeout", timeout);
	}

	MasterBuilder maxRequests(long requests) {
		return set("maxRequests", requests);
	}

	MasterBuilder maxLifetime(Duration age) {
		return set("maxLifetime", age);
	}

	MasterBuilder maxMemory(long bytes) {
		return set("maxMemory", bytes);
	}

	MasterBuilder shutdownTimeout(Duration timeout) {
		return set("shutdownTimeout", timeout);
	}

	MasterBuilder restart(Duration initialDelay, double multiplier, Duration maxDelay, Duration resetAfter) {
		return set("initialDelay", initialDelay).set("multiplier", multiplier)
			.set("maxDelay", maxDelay)
			.set("resetAfter", resetAfter);
	}

	/**
	 * Add a system property of every worker, see {@link PlainWorker}.
	 * @param property name and value
	 * @return this
	 */
	MasterBuilder worker(String property) {
		return workerOption("-D" + property);
	}

	/**
	 * Add a system property of the workers with an index.
	 * @param index the index
	 * @param property name and value
	 * @return this
	 */
	MasterBuilder worker(int index, String property) {
		return addWorkerOption(PlainMaster.WORKER_OPTIONS + "." + index, "-D" + property);
	}

	MasterBuilder workerOption(String option) {
		return addWorkerOption(PlainMaster.WORKER_OPTIONS, option);
	}

	/**
	 * Add an option of the master's JVM.
	 * @param option the option
	 * @return this
	 */
	MasterBuilder masterOption(String option) {
		this.masterOptions.add(option);
		return this;
	}

	private MasterBuilder addWorkerOption(String list, String option) {
		this.properties.merge(list, option, (options, last) -> options + " " + last);
		return this;
	}

	/**
	 * Make the command of the workers one that cannot be started.
	 * @return this
	 */
	MasterBuilder unstartable() {
		return set(PlainMaster.UNSTARTABLE, true);
	}

	/**
	 * Run the master's JVM by another command, instead of as an {@link OrdinaryUser}.
	 * @param prefix the command, which must become the JVM by {@code execve(2)}; none to
	 * run it as the user who builds
	 * @return this
	 */
	MasterBuilder through(String... prefix) {
		this.user = (command) -> Stream.concat(Stream.of(prefix), command.stream()).toList();
		return this;
	}

	/**
	 * Have the master put its files into another directory than one of its own.
	 * @param directory the directory
	 * @return this
	 */
	MasterBuilder temporary(Path directory) {
		return masterOption("-Djava.io.tmpdir=" + directory);
	}

	private MasterBuilder set(String name, Object value) {
		this.properties.put(name, String.valueOf(value));
		return this;
	}

	private List<String> command(String classPath, Path archive, Path temporary) {
		List<String> options = new ArrayList<>(List.of("-Djava.io.tmpdir=" + temporary));
		this.properties.forEach((name, value) -> options.add("-D" + name + "=" + value));
		options.addAll(this.masterOptions);
		return this.user.apply(ChildJvm.command(classPath, archive, PlainMaster.class, options));
	}

	MasterRunner start() throws IOException {
		ClassArchives archives = ClassArchives.get();
		set(ChildJvm.ARCHIVE, archives.ofWorkers());
		return new MasterRunner((temporary) -> command(archives.classPath(), archives.ofMaster(), temporary));
	}

	/**
	 * Start a master whose JVMs take no class from an archive.
	 * @param classPath the class path of all of them
	 * @return the running master
	 * @throws IOException if it cannot be started
	 */
	MasterRunner startWithoutArchives(String classPath) throws IOException {
		return new MasterRunner((temporary) -> command(classPath, null, temporary));
	}

}
