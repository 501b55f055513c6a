package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.jvm.ArgumentFile;
import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.jvm.WorkingDirectory;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.os.FileFailure;
import org.apache.commons.logging.Log;

/**
 * Writes command lines of workers. What others must not read, or the kernel would not
 * take, goes through an argument file, which is deleted when the worker has read it.
 * <p>
 * Used by one thread.
 */
final class WorkerCommandLine implements WorkerObserver {

	private static final Log logger = MasterLog.of(WorkerCommandLine.class);

	/**
	 * The kernel takes no longer argument ({@code MAX_ARG_STRLEN}, see
	 * {@code execve(2)}). All arguments together have more room, but a command line as
	 * long as this is of no use to a reader.
	 */
	private static final int MAX_LENGTH = 128 * 1024 - 1;

	private final String java;

	private final WorkingDirectory directory;

	private final Map<Integer, List<Path>> files = new HashMap<>();

	/**
	 * Create command lines.
	 * @param java the java binary
	 * @param directory the workers' directory
	 */
	WorkerCommandLine(Path java, WorkingDirectory directory) {
		this.java = java.toString();
		this.directory = directory;
	}

	/**
	 * Write a worker's command line. The worker's identity is always part of it.
	 * @param launch what is special to the worker
	 * @param visible whether others may read the rest
	 * @param options the JVM options
	 * @param classPath the option that gives the class path, if any
	 * @param program the main class, or {@code -jar} and the jar
	 * @param arguments the application's arguments
	 * @return the command line
	 * @throws IOException if the file cannot be written, or one that the options name
	 * cannot be read
	 */
	List<String> write(WorkerLaunch launch, boolean visible, List<String> options, List<String> classPath,
			List<String> program, List<String> arguments) throws IOException {
		List<String> identity = systemProperties(launch.systemProperties());
		if (visible) {
			List<String> command = join(List.of(this.java), options, identity, escaped(classPath), escaped(program),
					arguments);
			if (length(command) <= MAX_LENGTH) {
				return command;
			}
		}
		Path file = newFile(launch);
		// in an argument file the launcher expands no other
		ArgumentFile.write(file, join(ArgumentFile.expand(options, this.directory), classPath, program, arguments));
		return join(List.of(this.java), identity, List.of("@" + file));
	}

	/**
	 * Return a new file for a worker's launcher or JVM.
	 * @param launch the worker
	 * @return a file that does not exist yet, to be deleted when the worker has read it
	 */
	Path newFile(WorkerLaunch launch) {
		List<Path> files = this.files.computeIfAbsent(launch.id(), (id) -> new ArrayList<>());
		String number = files.isEmpty() ? "" : "-" + (files.size() + 1);
		Path file = launch.runDirectory().resolve("worker-" + launch.id() + number + ".args");
		files.add(file);
		return file;
	}

	@Override
	public void ready(WorkerIdentity worker) {
		forget(worker.id());
	}

	@Override
	public void exited(WorkerIdentity worker, ExitReason reason, int exitCode) {
		forget(worker.id());
	}

	@Override
	public void startFailed(int id) {
		forget(id);
	}

	/**
	 * A worker has read its files, or will never read them.
	 */
	private void forget(int id) {
		List<Path> files = this.files.remove(id);
		if (files != null) {
			files.forEach(WorkerCommandLine::delete);
		}
	}

	private static void delete(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			logger.warn("Cannot delete " + file + ": " + FileFailure.describe(ex));
		}
	}

	static List<String> systemProperties(Map<String, String> properties) {
		return properties.entrySet().stream().map((entry) -> "-D" + entry.getKey() + "=" + entry.getValue()).toList();
	}

	/**
	 * Ahead of the application's arguments the launcher reads {@code @name} as a file,
	 * and {@code @@name} as {@code @name}.
	 */
	private static List<String> escaped(List<String> arguments) {
		return arguments.stream().map((argument) -> argument.startsWith("@") ? "@" + argument : argument).toList();
	}

	@SafeVarargs
	private static List<String> join(List<String>... lists) {
		return Stream.of(lists).flatMap(List::stream).toList();
	}

	private static int length(List<String> command) {
		return command.stream().mapToInt((argument) -> argument.getBytes(RunningJvm.nativeCharset()).length + 1).sum();
	}

}
