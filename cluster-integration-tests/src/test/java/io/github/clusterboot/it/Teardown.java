package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.core.ConditionTimeoutException;

import org.springframework.util.FileSystemUtils;

/**
 * Stops an application and proves that nothing of it is left: no process, nobody at its
 * port, no file of the cluster in its temporary directory.
 */
final class Teardown {

	// The default drain time-out of 30 s and some for the JVM's end.
	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(45);

	private static final Duration MOMENT = Duration.ofSeconds(2);

	private final ClusterApplication application;

	private final List<String> problems = new ArrayList<>();

	Teardown(ClusterApplication application) {
		this.application = application;
	}

	/**
	 * Stop the application.
	 * @return what was left that should not be, in words; empty if all is well
	 */
	List<String> run() {
		int port = this.application.knownPort();
		stopMaster();
		expectNoProcess();
		expectNobodyAt(port);
		expectNoFile();
		FileSystemUtils.deleteRecursively(this.application.temporary().toFile());
		return this.problems;
	}

	private void stopMaster() {
		// A test may have stopped processes that have to run in order to end.
		this.application.processes().forEach((process) -> Signals.send("CONT", process.pid()));
		if (!this.application.isAlive()) {
			return;
		}
		this.application.signal("TERM");
		try {
			this.application.awaitExit(STOP_TIMEOUT);
		}
		catch (AssertionError ex) {
			this.problems.add("TERM did not end it. " + ex.getMessage());
		}
	}

	private void expectNoProcess() {
		try {
			this.application.awaitNoProcess(this.application.isKilled() ? STOP_TIMEOUT : MOMENT);
		}
		catch (ConditionTimeoutException ex) {
			this.application.processes().forEach(this::killLeftover);
		}
	}

	private void killLeftover(ProcessHandle process) {
		this.problems.add("Process " + process.pid() + " " + process.info().commandLine().orElse(""));
		process.destroyForcibly();
		process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
	}

	private void expectNobodyAt(int port) {
		if (port <= 0) {
			return;
		}
		HttpAnswer answer = new HttpProbe(port, MOMENT).get("/");
		if (answer.outcome() != HttpAnswer.Outcome.REFUSED) {
			this.problems.add("Somebody at port " + port + ": " + answer);
		}
	}

	private void expectNoFile() {
		if (this.application.isKilled() || !Files.exists(this.application.temporary())) {
			// What a killed master leaves is for the next start to delete.
			return;
		}
		try (Stream<Path> files = Files.list(this.application.temporary())) {
			files.filter((file) -> !isOfOthers(file.getFileName().toString()))
				.forEach((file) -> this.problems.add("File " + file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// A killed worker leaves its server's directory, or Netty's library if it was just
	// loading.
	private boolean isOfOthers(String name) {
		return name.startsWith("tomcat") || name.startsWith("jetty-") || name.startsWith("libnetty_")
				|| this.application.mayLeave(name);
	}

}
