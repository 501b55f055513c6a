package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An application under test: the process that was started, which is the master unless the
 * test runs it without a cluster, and what it tells of itself. {@link ClusterExtension}
 * stops it. May be used by several threads.
 */
final class ClusterApplication {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	// Written by Boot's web servers, by Tomcat with "ports" where it has several.
	private static final Pattern STARTED_ON_PORT = Pattern.compile(" started on ports? (\\d+)");

	private static final JsonMapper json = HttpAnswer.JSON;

	private final Process process;

	private final ProcessMark mark;

	private final Path log;

	private final Path temporary;

	private volatile int port;

	private volatile boolean killed;

	ClusterApplication(Process process, ProcessMark mark, int port, Path log, Path temporary) {
		this.process = process;
		this.mark = mark;
		this.port = port;
		this.log = log;
		this.temporary = temporary;
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return the processes of this application that live, the master included.
	 * @return the processes, found by what they inherit and not by their parents
	 */
	List<ProcessHandle> processes() {
		return this.mark.processes();
	}

	/**
	 * Return the workers' process ids as the kernel knows them, whether they answer or
	 * not.
	 * @return the ids of the master's children
	 */
	List<Long> workerPids() {
		return this.process.children().map(ProcessHandle::pid).toList();
	}

	/**
	 * Return the port, which is known when the first worker listens.
	 * @return the port that was asked for or that the log tells
	 */
	int port() {
		if (this.port == 0) {
			this.port = await("a port in the log").until(this::portInLog, (found) -> found != 0);
		}
		return this.port;
	}

	/**
	 * Return the port as far as it is known, without waiting.
	 * @return the port or 0
	 */
	int knownPort() {
		return (this.port != 0) ? this.port : portInLog();
	}

	private int portInLog() {
		Matcher matcher = STARTED_ON_PORT.matcher(output());
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	HttpProbe probe() {
		return new HttpProbe(port(), Duration.ofSeconds(30));
	}

	/**
	 * Return what {@code GET /actuator/cluster} answers. The request goes to any worker,
	 * over a new connection.
	 * @return the body
	 */
	JsonNode view() {
		return getJson("/actuator/cluster");
	}

	ClusterReport report() {
		return json.treeToValue(view(), ClusterReport.class);
	}

	List<ClusterReport.WorkerReport> workers() {
		return report().workers();
	}

	List<EventReport> events() {
		JsonNode events = getJson("/actuator/clusterevents").path("events");
		return List.of(json.treeToValue(events, EventReport[].class));
	}

	/**
	 * Return the events of one worker, but not when another was to take its place.
	 * @param workerId the worker's id
	 * @return the types of the events, oldest first
	 */
	List<String> lifeOf(int workerId) {
		return events().stream()
			.filter((event) -> event.worker() != null && event.worker().id() == workerId)
			.map(EventReport::type)
			.filter((type) -> !type.equals("WORKER_RESTART_SCHEDULED"))
			.toList();
	}

	private JsonNode getJson(String target) {
		HttpAnswer answer = probe().get(target);
		if (!answer.isOk()) {
			throw new AssertionError(target + ": " + answer + "\n" + answer.text());
		}
		return answer.json();
	}

	/**
	 * Wait until so many workers are ready and the cluster has no other.
	 * @param workers how many
	 * @return the first report that says so
	 */
	ClusterReport awaitReady(int workers) {
		return awaitReport(workers + " ready workers",
				(report) -> report.size().ready() == workers && report.workers().size() == workers);
	}

	/**
	 * Wait for a report.
	 * @param what the report in words
	 * @param predicate what it is to be like
	 * @return the first report that is
	 */
	ClusterReport awaitReport(String what, Predicate<ClusterReport> predicate) {
		return await(what).ignoreExceptionsMatching(AssertionError.class::isInstance).until(this::report, predicate);
	}

	/**
	 * Wait until a worker serves a request, other than for a report. The cluster may have
	 * workers that hang.
	 * @param workerId the worker's id
	 */
	void awaitRequestIn(int workerId) {
		HttpProbe impatient = probe().within(Duration.ofMillis(500));
		await("a request in worker " + workerId).until(() -> impatient.get("/actuator/cluster"),
				(answer) -> answer.isOk() && answer.json(ClusterReport.class).otherRequestsOf(workerId) > 0);
	}

	/**
	 * Wait for an event.
	 * @param what the event in words
	 * @param predicate what it is to be like
	 * @return the first event that is
	 */
	EventReport awaitEvent(String what, Predicate<EventReport> predicate) {
		Callable<EventReport> firstMatch = () -> events().stream().filter(predicate).findFirst().orElse(null);
		return await(what).ignoreExceptionsMatching(AssertionError.class::isInstance)
			.until(firstMatch, (event) -> event != null);
	}

	/**
	 * Wait for the exit of a worker.
	 * @param worker the worker
	 * @return the event
	 */
	EventReport awaitExitOf(ClusterReport.WorkerReport worker) {
		return awaitEvent("the exit of worker " + worker.id(), (event) -> event.is("WORKER_EXITED", worker.id()));
	}

	/**
	 * Wait until a new worker is ready in place of one that has ended.
	 * @param worker the one that has ended
	 * @return the new one
	 */
	ClusterReport.WorkerReport awaitReplacementOf(ClusterReport.WorkerReport worker) {
		Predicate<ClusterReport.WorkerReport> isReplacement = (other) -> other.index() == worker.index()
				&& other.id() > worker.id() && other.state().equals("READY");
		return awaitReport("another worker in place of worker " + worker.id(),
				(report) -> report.workers().stream().anyMatch(isReplacement))
			.workers()
			.stream()
			.filter(isReplacement)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Wait until something has been written to the output or error stream.
	 * @param text what is to be there
	 */
	void awaitOutput(String text) {
		await("'" + text + "' in the output").until(() -> output().contains(text));
	}

	/**
	 * Return everything that was written to the output and error streams so far.
	 * @return the lines
	 */
	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path log() {
		return this.log;
	}

	/**
	 * Return the {@code java.io.tmpdir} of all processes of this application.
	 * @return a directory of this application alone
	 */
	Path temporary() {
		return this.temporary;
	}

	/**
	 * Send a signal to the process that was started.
	 * @param signal the name of the signal without {@code SIG}
	 */
	void signal(String signal) {
		this.killed |= signal.equals("KILL");
		Signals.send(signal, pid());
	}

	/**
	 * Send a signal to the process that was started and to all others of its process
	 * group, as a terminal does. It must have been started with {@code setsid}, so that
	 * the group is its own.
	 * @param signal the name of the signal without {@code SIG}
	 */
	void signalGroup(String signal) {
		Signals.send(signal, -pid());
	}

	/**
	 * Return whether the test has killed the process that was started, so that it could
	 * not clean up.
	 * @return whether it was killed
	 */
	boolean isKilled() {
		return this.killed;
	}

	/**
	 * Wait until the process that was started has ended.
	 * @param timeout how long to wait
	 * @return its exit code, 128 + the number of the signal where one killed it
	 */
	int awaitExit(Duration timeout) {
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
	void awaitNoProcess(Duration timeout) {
		Awaitility.await("no process left")
			.atMost(timeout)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> processes().isEmpty());
	}

	/**
	 * Return the run directories of masters that there are.
	 * @return the directories in the temporary directory
	 */
	List<Path> runDirectories() {
		try (Stream<Path> files = Files.list(this.temporary)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("cluster-boot-")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ConditionFactory await(String what) {
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
	String describe() {
		List<String> lines = output().lines().toList();
		String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
		String state = isAlive() ? "alive" : "ended with " + this.process.exitValue();
		return "pid " + pid() + ", " + state + ", " + this.log + ":\n" + end;
	}

}
