package io.github.clusterboot.launch;

import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.archive.WorkerCacheChoice;
import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.RelaunchException;
import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.master.process.ProcessLauncher;
import io.github.clusterboot.master.process.WorkerCommand;
import io.github.clusterboot.master.process.WorkerObserver;

import org.springframework.util.Assert;

/**
 * What starts this process's application in workers: their command line, and the archive
 * of classes that they start from.
 */
public final class WorkerLauncher implements AutoCloseable {

	private final WorkerCacheChoice cache;

	private final WorkerCommandLine commandLine;

	private final JvmWorkerCommand command;

	private final List<String> warnings;

	private WorkerLauncher(RunningJvm jvm, LaunchCommand launch, WorkerOptions options) {
		JvmOptions inherited = JvmOptions.of(jvm, options.environment());
		WorkerJvmOptions jvmOptions = new WorkerJvmOptions(jvm, launch, options, inherited);
		this.cache = WorkerCacheChoice.of(options.cache(), jvm, launch, jvmOptions.common());
		this.commandLine = new WorkerCommandLine(launch.java(), launch.directory());
		boolean visible = isVisible(new VisibleWords(jvm.commandLine()), launch, options, inherited);
		this.command = new JvmWorkerCommand(launch, inherited, options, jvmOptions, this.cache::start, this.commandLine,
				visible);
		this.warnings = new ArrayList<>(jvmOptions.heapWarnings());
		this.warnings.addAll(this.cache.warnings());
		this.warnings.addAll(jvmOptions.archiveWarnings());
	}

	/**
	 * Create what starts this process's application again.
	 * @param applicationArguments the arguments that the application was started with
	 * @param options what workers have beyond this process
	 * @return the launcher, owned by the caller
	 * @throws RelaunchException if this JVM was launched in a way that cannot be repeated
	 */
	public static WorkerLauncher forThisProcess(String[] applicationArguments, WorkerOptions options)
			throws RelaunchException {
		RunningJvm jvm = RunningJvm.current();
		LaunchCommand launch = LaunchCommand.of(jvm, applicationArguments);
		ProcessLauncher.doWithoutHelper();
		return new WorkerLauncher(jvm, launch, options);
	}

	static WorkerLauncher of(RunningJvm jvm, String[] applicationArguments, WorkerOptions options)
			throws RelaunchException {
		Assert.notNull(applicationArguments, "'applicationArguments' must not be null");
		Assert.notNull(options, "'options' must not be null");
		return new WorkerLauncher(jvm, LaunchCommand.of(jvm, applicationArguments), options);
	}

	/**
	 * The JVM's default for a class path is not a secret.
	 */
	private static boolean isVisible(VisibleWords words, LaunchCommand launch, WorkerOptions options,
			JvmOptions inherited) {
		List<String> classPath = launch.classPath();
		return words.show(inherited.commandLine()) && words.show(options.jvmArgs())
				&& (classPath.isEmpty() || classPath.contains(".") || words.show(classPath.subList(1, 2)))
				&& words.show(launch.program()) && words.show(launch.arguments());
	}

	/**
	 * Return the workers' command line.
	 * @return the command
	 */
	public WorkerCommand command() {
		return this.command;
	}

	/**
	 * Return what has to be told what becomes of the workers.
	 * @return the observers
	 */
	public List<WorkerObserver> observers() {
		List<WorkerObserver> observers = new ArrayList<>(List.of(this.commandLine));
		observers.addAll(this.cache.observers());
		return observers;
	}

	/**
	 * Return what the user should know. To be logged once.
	 * @return the warnings, each a sentence or more
	 */
	public List<String> warnings() {
		return this.warnings;
	}

	/**
	 * The master is about to start. Returns at once; what takes longer than that goes on
	 * beside it.
	 */
	public void prepare() {
		this.cache.prepare();
	}

	/**
	 * Wait, not for long, for what was begun by {@link #prepare}. Called by the thread
	 * that runs the master, before it.
	 */
	public void awaitPrepared() {
		this.cache.awaitPrepared();
	}

	/**
	 * The master has stopped.
	 */
	@Override
	public void close() {
		this.cache.close();
	}

}
