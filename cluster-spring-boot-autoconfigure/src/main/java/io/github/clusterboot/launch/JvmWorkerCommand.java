package io.github.clusterboot.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.clusterboot.archive.CachedStart;
import io.github.clusterboot.jvm.AgentOption;
import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.master.process.WorkerCommand;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.os.ServiceVariables;

/**
 * The command line that runs this JVM's application in a worker: the same binary, JVM
 * options, class path, main class, arguments, environment and working directory, with
 * what two processes cannot share made the worker's own.
 */
final class JvmWorkerCommand implements WorkerCommand {

	private final LaunchCommand launchCommand;

	private final InstalledJdk jdk;

	private final InstalledJars jars;

	private final JvmOptions inherited;

	private final WorkerOptions options;

	private final WorkerJvmOptions jvmOptions;

	private final Function<WorkerLaunch, CachedStart> cache;

	private final WorkerCommandLine commandLine;

	private final OptionVariables variables;

	private final boolean visible;

	/**
	 * Create a command.
	 * @param launchCommand how this JVM was launched
	 * @param inherited its options
	 * @param options what workers have beyond this process
	 * @param jvmOptions the workers' JVM options
	 * @param cache tells what an archive of classes adds
	 * @param commandLine writes command lines
	 * @param visible whether others may read them
	 */
	JvmWorkerCommand(LaunchCommand launchCommand, JvmOptions inherited, WorkerOptions options,
			WorkerJvmOptions jvmOptions, Function<WorkerLaunch, CachedStart> cache, WorkerCommandLine commandLine,
			boolean visible) {
		this.launchCommand = launchCommand;
		this.jdk = new InstalledJdk(launchCommand.java());
		this.jars = new InstalledJars(launchCommand);
		this.inherited = inherited;
		this.options = options;
		this.jvmOptions = jvmOptions;
		this.cache = cache;
		this.commandLine = commandLine;
		this.variables = new OptionVariables(inherited.environment(), jvmOptions.perWorker(), options.placeholders(),
				commandLine);
		this.visible = visible;
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

	private List<String> command(WorkerLaunch launch) throws IOException {
		CachedStart start = this.cache.apply(launch);
		List<String> jvmArgs = this.options.placeholders().resolve(this.options.jvmArgs(), launch);
		List<String> jmx = this.jvmOptions.jmx(jvmArgs, launch.index());
		List<String> options = Stream
			.concat(this.jvmOptions.commandLine(start.options(), jvmArgs, jmx, launch.index()).stream(),
					WorkerCommandLine.systemProperties(this.options.systemProperties()).stream())
			.toList();
		List<String> program = (start.jar() != null) ? List.of("-jar", start.jar().toString())
				: this.launchCommand.program();
		return this.commandLine.write(launch, this.visible && jmx.isEmpty(), options, this.launchCommand.classPath(),
				program, this.launchCommand.arguments());
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
		this.inherited.inherited()
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

}
