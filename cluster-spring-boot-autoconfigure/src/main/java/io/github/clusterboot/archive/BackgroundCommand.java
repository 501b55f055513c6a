package io.github.clusterboot.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.clusterboot.jvm.JvmOptions;
import io.github.clusterboot.jvm.WorkingDirectory;
import io.github.clusterboot.master.process.ProcessLauncher;
import io.github.clusterboot.os.ServiceVariables;

/**
 * A command that runs beside the cluster: the first to be killed if memory runs out, and
 * gone when this process is, however it ends.
 * <p>
 * Used by one thread, but for {@link #close}.
 */
final class BackgroundCommand implements AutoCloseable {

	/**
	 * The shell's standard input is a pipe that this process holds open and never writes
	 * to. What waits for its end kills the command.
	 */
	private static final String SCRIPT = """
			nice=$1
			shift
			exec 3<&0 </dev/null
			{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
			nice -n $nice "$@" 3<&- &
			command=$!
			{ read -r line <&3; kill -9 $command; } >/dev/null 2>&1 &
			guard=$!
			wait $command
			code=$?
			kill $guard 2>/dev/null
			exit $code
			""";

	/**
	 * The shell's exit codes for a command that cannot be started, see "Exit Status for
	 * Commands" in POSIX.1-2017, and those of {@code KILL} and {@code TERM}.
	 */
	private static final Set<Integer> NOT_ITS_OWN = Set.of(126, 127, 137, 143);

	private static final int LONGEST_OUTPUT = 2000;

	private final Process process;

	private volatile boolean late;

	private BackgroundCommand(Process process) {
		this.process = process;
	}

	/**
	 * Start a command.
	 * @param priority how much it is in the way of others
	 * @param directory where it is started
	 * @param command the command and its arguments
	 * @return the running command
	 * @throws IOException if it cannot be started
	 */
	static BackgroundCommand start(Priority priority, WorkingDirectory directory, List<String> command)
			throws IOException {
		List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh", priority.nice));
		all.addAll(command);
		ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
		directory.applyTo(builder);
		Map<String, String> environment = builder.environment();
		environment.keySet().removeAll(JvmOptions.VARIABLES);
		ServiceVariables.removeFrom(environment);
		return new BackgroundCommand(ProcessLauncher.start(builder));
	}

	/**
	 * Wait for the command's success.
	 * @param timeout the time after which it is ended
	 * @throws CommandFailedException if it has failed
	 * @throws IOException if it could not be run to its end
	 * @throws InterruptedException if the thread is interrupted
	 */
	void await(Duration timeout) throws IOException, InterruptedException {
		Thread watch = DaemonThreads.named("cluster-worker-cache-watch").newThread(() -> closeAfter(timeout));
		watch.start();
		String output = readOutput();
		int code = this.process.waitFor();
		watch.interrupt();
		if (code != 0 && this.late) {
			throw new IOException("ended after %d s".formatted(timeout.toSeconds()));
		}
		if (code != 0) {
			String message = "exit code %d%s".formatted(code, output.isEmpty() ? "" : ": " + output);
			throw NOT_ITS_OWN.contains(code) ? new IOException(message) : new CommandFailedException(message);
		}
	}

	private void closeAfter(Duration timeout) {
		try {
			if (!this.process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				this.late = true;
				close();
			}
		}
		catch (InterruptedException ex) {
			// it has ended
		}
	}

	private String readOutput() throws IOException {
		StringBuilder output = new StringBuilder();
		try (InputStream input = this.process.getInputStream()) {
			byte[] chunk = new byte[4096];
			for (int length = input.read(chunk); length >= 0; length = input.read(chunk)) {
				output.append(new String(chunk, 0, length, Charset.defaultCharset()));
				output.setLength(Math.min(output.length(), LONGEST_OUTPUT));
			}
		}
		return output.toString().strip();
	}

	/**
	 * End the command at once. May be called by any thread, and again.
	 */
	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			// nothing was written, so nothing is lost
		}
	}

	/**
	 * How much processor time a command gets beside others.
	 */
	enum Priority {

		/**
		 * As much as this process, which waits for it.
		 */
		NORMAL("0"),

		/**
		 * What other processes leave over.
		 */
		LOWEST("19");

		private final String nice;

		Priority(String nice) {
			this.nice = nice;
		}

	}

}
