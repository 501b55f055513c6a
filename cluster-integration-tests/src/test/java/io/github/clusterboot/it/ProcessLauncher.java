package io.github.clusterboot.it;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Launches a process under test: as a user, with what that user may write to, an
 * environment that does not depend on who builds, and a log. Its working directory is the
 * log's.
 */
final class ProcessLauncher {

	/**
	 * Variables of whoever builds that would change how an application runs.
	 */
	private static final List<String> OF_THE_BUILD = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "XDG_RUNTIME_DIR",
			"XDG_CACHE_HOME", "RUNTIME_DIRECTORY", "CACHE_DIRECTORY");

	/**
	 * The bits of the signals 1 and 2.
	 */
	private static final long HANG_UP_AND_INTERRUPT = 0b11;

	private final Path log;

	private final Map<String, String> environment = new HashMap<>();

	private final List<Path> directories = new ArrayList<>();

	private RunAs user = RunAs.ORDINARY;

	private Path directory;

	private boolean outputUnread;

	ProcessLauncher(Path log) {
		this.log = log.toAbsolutePath();
		this.directory = this.log.getParent();
		this.directories.add(this.log.getParent());
	}

	void user(RunAs user) {
		this.user = user;
	}

	void environment(String name, String value) {
		this.environment.put(name, value);
	}

	void mayWrite(Path directory) {
		this.directories.add(directory);
	}

	void directory(Path directory) {
		this.directory = directory;
	}

	void outputUnread() {
		this.outputUnread = true;
	}

	/**
	 * Launch a process. Does not wait for anything.
	 * @param command the command
	 * @param mark what its processes are found by
	 * @return the process
	 * @throws IOException if it cannot be launched
	 */
	Process launch(List<String> command, ProcessMark mark) throws IOException {
		UserCheck.check(this.user);
		this.directories.forEach(this.user::own);
		Files.write(this.log, new byte[0]);
		ProcessBuilder builder = new ProcessBuilder(this.user.command(heedingSignals(command)))
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.outputUnread ? Redirect.PIPE : Redirect.to(this.log.toFile()));
		Map<String, String> variables = builder.environment();
		variables.keySet().removeAll(OF_THE_BUILD);
		this.user.applyTo(variables);
		variables.putAll(this.environment);
		mark.applyTo(variables);
		return builder.start();
	}

	/**
	 * A process ignores what the build ignores: {@code HUP} under {@code nohup}, and
	 * {@code INT} in the background of a script.
	 */
	private static List<String> heedingSignals(List<String> command) {
		long ignored = ProcStatus.ignoredSignals(ProcessHandle.current().pid());
		if ((ignored & HANG_UP_AND_INTERRUPT) == 0) {
			return command;
		}
		List<String> heeding = new ArrayList<>(List.of("env", "--default-signal=HUP,INT"));
		heeding.addAll(command);
		return heeding;
	}

}
