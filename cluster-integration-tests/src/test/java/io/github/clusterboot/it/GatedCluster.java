package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A cluster whose master waits before it does anything, and questions to it that can be
 * asked whether it is well or not.
 */
final class GatedCluster {

	static final int WORKERS = 2;

	static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * For the JVM's end beyond a time-out, with a tracer that makes each call slow.
	 */
	static final Duration TIME_TO_EXIT = Duration.ofSeconds(3);

	private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(8);

	private static final Duration MOMENT = Duration.ofSeconds(1);

	/**
	 * What a JVM or an application that cannot go on writes.
	 */
	private static final List<String> REPORTS = List.of(" ERROR ", "APPLICATION FAILED TO START",
			"No worker was ever ready", "Exception in thread", "OutOfMemoryError");

	/**
	 * What a JVM writes that ends on the spot, see {@code VMError::report} in HotSpot.
	 */
	private static final List<String> REPORTS_OF_JVM = List.of("A fatal error has been detected",
			"There is insufficient memory for the Java Runtime Environment");

	/**
	 * What HotSpot writes if it cannot make the thread that a signal's handler runs in,
	 * see {@code signal_thread_entry} in its {@code os.cpp}.
	 */
	private static final String SIGNAL_LOST = "occurred dispatching signal SIGTERM";

	/**
	 * What HotSpot writes if it cannot make Spring Boot's first thread. The application
	 * waits for that thread then, with or without the starter, see
	 * {@code BackgroundPreinitializingApplicationListener}.
	 */
	private static final String BOOT_WAITS = "Failed to start the native thread for java.lang.Thread \"background-preinit\"";

	private final ClusterApplication application;

	private int outputBefore;

	private GatedCluster(ClusterApplication application) {
		this.application = application;
	}

	/**
	 * Start the master's JVM, and wait until it waits.
	 * @param builder builds the application
	 * @return the cluster
	 */
	static GatedCluster start(ClusterApplicationBuilder builder) {
		ClusterApplication application = builder.mainClass("io.github.clusterboot.it.app.GatedApplication")
			.jvmOptions("-Dit.gate=" + builder.companion("gate"))
			.workers(WORKERS)
			.args("--cluster.shutdown.timeout=" + SHUTDOWN_TIMEOUT.toSeconds() + "s",
					"--cluster.worker.drain-timeout=" + DRAIN_TIMEOUT.toSeconds() + "s",
					"--cluster.worker.start-timeout=45s", "--cluster.restart.max-delay=2s")
			// a JVM that dies may leave anything; what must not be left is looked for
			.mayLeave(".*")
			.start();
		application.awaitOutput("The main method waits");
		return new GatedCluster(application);
	}

	ClusterApplication application() {
		return this.application;
	}

	/**
	 * Let the master go on.
	 */
	void openGate() {
		try {
			Files.writeString(Path.of(this.application.log() + ".gate"), "open");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Look from now on for what the processes say of their end.
	 */
	void forgetOutput() {
		this.outputBefore = this.application.output().length();
	}

	boolean isAlive() {
		return this.application.isAlive();
	}

	/**
	 * Return whether it has started, with workers or without.
	 * @return whether it serves
	 */
	boolean isStarted() {
		return isRunning() || (this.application.output().contains("without workers")
				&& this.application.output().contains("Started SampleApplication"));
	}

	boolean isRunning() {
		return this.application.output().contains("The cluster is running");
	}

	/**
	 * Return whether nothing is missing.
	 * @return whether the master says in a second that all workers are ready, and each of
	 * them serves
	 */
	boolean isWhole() {
		HttpProbe impatient = this.application.probe().within(MOMENT);
		HttpAnswer answer = impatient.get("/actuator/cluster");
		if (!answer.isOk()) {
			return false;
		}
		ClusterReport report = answer.json(ClusterReport.class);
		return report.state().equals("RUNNING") && report.size().ready() == WORKERS
				&& report.workers().size() == WORKERS
				&& report.workers()
					.stream()
					.map(ClusterReport.WorkerReport::id)
					.allMatch(workersThatServe(impatient)::contains);
	}

	private static Set<Integer> workersThatServe(HttpProbe probe) {
		return probe.get("/worker", 4 * WORKERS, 2)
			.stream()
			.filter(HttpAnswer::isOk)
			.map(HttpAnswer::workerId)
			.collect(Collectors.toSet());
	}

	/**
	 * Return whether the master, or its JVM, has said why it ends.
	 * @return whether there is a report in the output
	 */
	boolean hasReported() {
		return hasWritten(REPORTS) || hasJvmFailed();
	}

	/**
	 * Return whether the JVM has ended on the spot, so that nothing of it could clean up.
	 * @return whether its report is in the output
	 */
	boolean hasJvmFailed() {
		return hasWritten(REPORTS_OF_JVM);
	}

	/**
	 * Return whether the JVM has told that it could not deal with {@code TERM}.
	 * @return whether it may be sent again
	 */
	boolean hasLostTerm() {
		return hasWritten(List.of(SIGNAL_LOST));
	}

	/**
	 * Return whether Spring Boot waits for a thread of its own that was not made.
	 * @return whether it has not come to the point at which there is a master
	 */
	boolean waitsBeforeThereIsAMaster() {
		return hasWritten(List.of(BOOT_WAITS)) && !hasWritten(List.of("Cluster master"));
	}

	private boolean hasWritten(List<String> texts) {
		String output = this.application.output().substring(this.outputBefore);
		return texts.stream().anyMatch(output::contains);
	}

	/**
	 * Return what is left of a cluster whose master has ended. Files may be if its JVM
	 * has ended on the spot: the next start deletes them.
	 * @return what should not be left, in words, or {@code null} if nothing is
	 */
	@Nullable String left() {
		int port = this.application.knownPort();
		try {
			this.application.awaitNoProcess(DRAIN_TIMEOUT.plus(TIME_TO_EXIT));
		}
		catch (ConditionTimeoutException ex) {
			return "processes are left";
		}
		if (port != 0 && new HttpProbe(port, MOMENT).get("/").outcome() != HttpAnswer.Outcome.REFUSED) {
			return "the port is open";
		}
		return (hasJvmFailed() || this.application.runDirectories().isEmpty()) ? null : "files are left";
	}

}
