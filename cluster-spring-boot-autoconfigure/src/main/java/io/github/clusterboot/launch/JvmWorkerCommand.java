package io.github.clusterboot.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.archive.AotCache;
import io.github.clusterboot.archive.CachedStart;
import io.github.clusterboot.archive.WorkerCacheChoice;
import io.github.clusterboot.jvm.AgentOption;
import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.RelaunchException;
import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.master.process.ProcessLauncher;
import io.github.clusterboot.master.process.WorkerCommand;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.os.ServiceVariables;

import org.springframework.util.Assert;

/**
 * The command line that runs this JVM's application in a worker: the same binary, JVM
 * options, class path, main class, arguments, environment and working directory, with
 * what two processes cannot share made the worker's own.
 */
public final class JvmWorkerCommand implements WorkerCommand {

	/**
	 * The exit codes of {@code KILL} and {@code TERM}. A worker that was told to end
	 * while it started might have started.
	 */
	private static final Set<Integer> TOLD_TO_END = Set.of(137, 143);

	private final LaunchCommand launchCommand;

	private final InstalledJdk jdk;

	private final InstalledJars jars;

	private final WorkerCommandLine commandLine;

	private final boolean visible;

	private final JvmOptions jvmOptions;

	private final WorkerOptions options;

	private final WorkerHeap heap;

	private final InitialHeap initialHeap;

	private final NativeHeap nativeHeap;

	private final ClassArchive archive;

	private final AotCache aotCache;

	private final PerWorkerOptions perWorkerOptions;

	private final OptionVariables variables;

	private final List<String> additionalOptions;

	private final WorkerCacheChoice cache;

	private JvmWorkerCommand(RunningJvm jvm, LaunchCommand launchCommand, WorkerOptions options) {
		this.launchCommand = launchCommand;
		this.jdk = new InstalledJdk(launchCommand.java());
		this.jars = new InstalledJars(launchCommand);
		this.commandLine = new WorkerCommandLine(launchCommand.java(), launchCommand.directory());
		this.options = options;
		this.jvmOptions = JvmOptions.of(jvm, options.environment());
		this.visible = isVisible(new VisibleWords(jvm.commandLine()));
		List<String> effective = this.jvmOptions.effective(options.jvmArgs());
		this.heap = WorkerHeap.of(options.workers(), jvm, effective);
		this.initialHeap = InitialHeap.of(options.workers(), jvm, effective);
		this.nativeHeap = NativeHeap.of(jvm, effective);
		this.archive = new ClassArchive(effective, launchCommand.directory());
		this.additionalOptions = additionalOptions(jvm);
		this.aotCache = AotCache.of(launchCommand, join(List.of(effective, this.additionalOptions)));
		Predicate<String> excluded = (option) -> this.archive.excludes(option) || this.aotCache.excludes(option);
		this.perWorkerOptions = new PerWorkerOptions(excluded, launchCommand.directory());
		this.variables = new OptionVariables(this.jvmOptions.environment(), this.perWorkerOptions,
				options.placeholders(), this.commandLine);
		this.cache = WorkerCacheChoice.of(options.cache(), jvm, launchCommand,
				join(List.of(effective.stream().filter(Predicate.not(this.aotCache::excludes)).toList(),
						this.heap.options(), this.initialHeap.options(), this.additionalOptions)));
	}

	/**
	 * Create the command that starts this process's application again.
	 * @param applicationArguments the arguments that the application was started with
	 * @param options what workers have beyond this process
	 * @return the command
	 * @throws RelaunchException if this JVM was launched in a way that cannot be repeated
	 */
	public static JvmWorkerCommand forThisProcess(String[] applicationArguments, WorkerOptions options)
			throws RelaunchException {
		RunningJvm jvm = RunningJvm.current();
		LaunchCommand launchCommand = LaunchCommand.of(jvm, applicationArguments);
		ProcessLauncher.doWithoutHelper();
		return new JvmWorkerCommand(jvm, launchCommand, options);
	}

	static JvmWorkerCommand of(RunningJvm jvm, String[] applicationArguments, WorkerOptions options)
			throws RelaunchException {
		Assert.notNull(applicationArguments, "'applicationArguments' must not be null");
		Assert.notNull(options, "'options' must not be null");
		return new JvmWorkerCommand(jvm, LaunchCommand.of(jvm, applicationArguments), options);
	}

	/**
	 * The JVM's default for a class path is not a secret.
	 */
	private boolean isVisible(VisibleWords words) {
		List<String> classPath = this.launchCommand.classPath();
		return words.show(this.jvmOptions.commandLine()) && words.show(this.options.jvmArgs())
				&& (classPath.isEmpty() || classPath.contains(".") || words.show(classPath.subList(1, 2)))
				&& words.show(this.launchCommand.program()) && words.show(this.launchCommand.arguments());
	}

	private static List<String> additionalOptions(RunningJvm jvm) {
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
	 * Return what the user should know about the workers' command line. To be logged
	 * once.
	 * @return the warnings, each a sentence or more
	 */
	public List<String> warnings() {
		List<String> warnings = new ArrayList<>(this.heap.warnings());
		warnings.addAll(this.cache.warnings());
		warnings.addAll(this.aotCache.warnings(this.additionalOptions));
		if (!this.archive.writing().isEmpty()) {
			warnings.add("Workers ignore %s, and the master would write its own classes only. "
				.formatted(String.join(" ", this.archive.writing()))
					+ "Set 'cluster.enabled' to false in the run that makes the archive.");
		}
		return warnings;
	}

	@Override
	public void prepare() {
		this.cache.prepare();
	}

	@Override
	public void awaitPrepared() {
		this.cache.awaitPrepared();
	}

	@Override
	public ProcessBuilder build(WorkerLaunch launch) throws IOException {
		this.jdk.check();
		this.jars.check();
		ProcessBuilder builder = new ProcessBuilder(command(launch));
		this.launchCommand.directory().applyTo(builder);
		Map<String, String> environment = builder.environment();
		ServiceVariables.removeFrom(environment);
		IdentityPlaceholders placeholders = this.options.placeholders();
		this.options.environment().forEach((name, value) -> environment.put(name, placeholders.resolve(value, launch)));
		this.variables.adapt(environment, launch);
		return builder;
	}

	@Override
	public void ready(int id) {
		this.commandLine.forget(id);
		this.cache.ready(id);
	}

	@Override
	public void ended(int id, ExitReason reason, int exitCode) {
		boolean failed = switch (reason) {
			case START_FAILED -> !TOLD_TO_END.contains(exitCode);
			case START_TIMEOUT, HUNG -> true;
			default -> false;
		};
		this.commandLine.forget(id);
		this.cache.ended(id, failed);
	}

	@Override
	public void notStarted(int id) {
		this.commandLine.forget(id);
		this.cache.ended(id, false);
	}

	@Override
	public void startNoMore() {
		this.cache.endWork();
	}

	@Override
	public void close() {
		this.cache.close();
	}

	/**
	 * The debugger's agent has a port of its own in each worker.
	 */
	@Override
	public List<String> hints() {
		List<String> hints = new ArrayList<>();
		if (this.jdk.isReplaced()) {
			hints.add(this.jdk.replacement());
		}
		this.jvmOptions.inherited()
			.filter((option) -> AgentOption.matches(option) && JdwpOption.parse(option) == null)
			.map((option) -> option.split("=", 2)[0])
			.findFirst()
			.ifPresent((agent) -> hints
				.add(("Workers have the agent of the master (%s). If it opens a port or writes a "
						+ "file, give each worker one of its own: move the option to 'cluster.worker.jvm-args' and write "
						+ "${cluster.worker.index} into the number or the name.")
					.formatted(agent)));
		return hints;
	}

	private List<String> command(WorkerLaunch launch) throws IOException {
		CachedStart start = this.cache.start(launch);
		List<String> jvmArgs = this.options.placeholders().resolve(this.options.jvmArgs(), launch);
		List<String> configured = JmxPorts.configured(this.jvmOptions.effective(jvmArgs), launch.index(),
				this.launchCommand.directory());
		List<String> options = join(
				List.of(start.options(), this.perWorkerOptions.adapt(this.jvmOptions.commandLine(), launch.index()),
						this.heap.options(), this.initialHeap.options(), this.nativeHeap.options(),
						this.perWorkerOptions.adapt(jvmArgs, launch.index()), configured, this.additionalOptions,
						WorkerCommandLine.systemProperties(this.options.systemProperties())));
		List<String> program = (start.jar() != null) ? List.of("-jar", start.jar().toString())
				: this.launchCommand.program();
		return this.commandLine.write(launch, this.visible && configured.isEmpty(), options,
				this.launchCommand.classPath(), program, this.launchCommand.arguments());
	}

	private static List<String> join(List<List<String>> lists) {
		return lists.stream().flatMap(List::stream).toList();
	}

}
