package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The processes of an application under test: the one that was started, which is the
 * master unless the test runs it without a cluster, and those that it has started.
 * {@link ClusterExtension} stops them. May be used by several threads.
 */
abstract class ApplicationProcess {

	/**
	 * A slow machine takes half a minute to start three JVMs beside another test.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private final Process process;

	private final ProcessMark mark;

	private final Path log;

	private final Path temporary;

	private volatile boolean killed;

	ApplicationProcess(Process process, ProcessMark mark, Path log, Path temporary) {
		this.process = process;
		this.mark = mark;
		this.log = log;
		this.temporary = temporary;
	}

	final long pid() {
		return this.process.pid();
	}

	final boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return the processes of this application that live, the master included.
	 * @return the processes, found by what they inherit and not by their parents
	 */
	final List<ProcessHandle> processes() {
		return this.mark.processes();
	}

	/**
	 * Return the workers' process ids as the kernel knows them, whether they answer or
	 * not.
	 * @return the ids of the master's children
	 */
	final List<Long> workerPids() {
		return this.process.children().map(ProcessHandle::pid).toList();
	}

	/**
	 * Wait until something has been written to the output or error stream.
	 * @param text what is to be there
	 */
	final void awaitOutput(String text) {
		await("'" + text + "' in the output").until(() -> output().contains(text));
	}

	/**
	 * Return everything that was written to the output and error streams so far.
	 * @return the lines
	 */
	final String output() {
		try {
			// more lenient than readString, since the last character may not be complete
			return new String(Files.readAllBytes(this.log), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return how much of the output waits in the pipe that nobody reads.
	 * @return how many bytes
	 */
	final int unreadOutput() {
		try {
			return this.process.getInputStream().available();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	final Path log() {
		return this.log;
	}

	/**
	 * Return the {@code java.io.tmpdir} of all processes of this application.
	 * @return a directory of this application alone
	 */
	final Path temporary() {
		return this.temporary;
	}

	/**
	 * Send a signal to the process that was started.
	 * @param signal the name of the signal without {@code SIG}
	 */
	final void signal(String signal) {
		this.killed |= signal.equals("KILL");
		Signals.send(signal, pid());
	}

	/**
	 * Send a signal to the process that was started and to all others of its process
	 * group, as a terminal does. It must have been started with {@code setsid}, so that
	 * the group is its own.
	 * @param signal the name of the signal without {@code SIG}
	 */
	final void signalGroup(String signal) {
		Signals.send(signal, -pid());
	}

	/**
	 * Return whether the test has killed the process that was started, so that it could
	 * not clean up.
	 * @return whether it was killed
	 */
	final boolean isKilled() {
		return this.killed;
	}

	/**
	 * Wait until the process that was started has ended.
	 * @param timeout how long to wait
	 * @return its exit code, 128 + the number of the signal where one killed it
	 */
	final int awaitExit(Duration timeout) {
		try {
			if (!this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new AssertionError("Still alive after " + timeout + ", see " + this.log);
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Wait until no process of this application lives.
	 * @param timeout how long to wait
	 */
	final void awaitNoProcess(Duration timeout) {
		Awaitility.await("no process left")
			.atMost(timeout)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> processes().isEmpty());
	}

	/**
	 * Return the run directories of masters that there are.
	 * @return the directories in the temporary directory
	 */
	final List<Path> runDirectories() {
		try (Stream<Path> files = Files.list(this.temporary)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("cluster-boot-")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Wait for something that will not come if the process that was started ends.
	 * @param what what to wait for, in words
	 * @return to be told what to wait for
	 */
	final ConditionFactory await(String what) {
		return Awaitility.await(what)
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(100))
			.failFast(() -> {
				if (!isAlive()) {
					throw new IllegalStateException(
							"Ended with " + this.process.exitValue() + " while waiting for " + what);
				}
			});
	}

	/**
	 * Describe the application for a report of a failure.
	 * @return the process, the log and the log's end
	 */
	final String describe() {
		List<String> lines = output().lines().toList();
		String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
		String state = isAlive() ? "alive" : "ended with " + this.process.exitValue();
		return "pid " + pid() + ", " + state + ", " + this.log + ":\n" + end;
	}

}
