package io.github.clusterboot.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.clusterboot.it.load.Load;
import org.jspecify.annotations.Nullable;

/**
 * An application under test and what it tells of itself. May be used by several threads.
 */
final class ClusterApplication extends ApplicationProcess {

	/**
	 * What Boot's web servers say (Tomcat with "ports" if it has several), and a master,
	 * whose workers may not be heard. A number is taken as a whole or not at all: without
	 * its last digit, that of another listener is not followed by that listener's name.
	 */
	private static final Pattern STARTED_ON_PORT = Pattern
		.compile("(?: started on ports? |Listening on port )(\\d++)(?! \\('(?!server'))");

	private final @Nullable Path records;

	private final Predicate<String> mayLeave;

	private volatile int port;

	ClusterApplication(Process process, ProcessMark mark, int port, Path log, Path temporary, @Nullable Path records,
			Predicate<String> mayLeave) {
		super(process, mark, log, temporary);
		this.port = port;
		this.records = records;
		this.mayLeave = mayLeave;
	}

	/**
	 * Return whether a file in the temporary directory is not the cluster's concern.
	 * @param name the name of the file
	 * @return whether the application may leave it there
	 */
	boolean mayLeave(String name) {
		return this.mayLeave.test(name);
	}

	/**
	 * Return the port, which is known when the first worker listens.
	 * @return the port that was asked for or that the log tells
	 */
	int port() {
		if (this.port == 0) {
			this.port = await("a port in the log").until(() -> portIn(output()), (found) -> found != 0);
		}
		return this.port;
	}

	/**
	 * Return the port as far as it is known, without waiting.
	 * @return the port or 0
	 */
	int knownPort() {
		return (this.port != 0) ? this.port : portIn(output());
	}

	static int portIn(String output) {
		Matcher matcher = STARTED_ON_PORT.matcher(output);
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	HttpProbe probe() {
		return new HttpProbe(port(), Duration.ofSeconds(30));
	}

	/**
	 * Return a load to be put on this application.
	 * @return a load without clients
	 */
	Load load() {
		return new Load(port(), this.records);
	}

	/**
	 * Ask for a change of the cluster.
	 * @param json what to change
	 * @return what came of it
	 */
	HttpAnswer change(String json) {
		return probe().post("/actuator/cluster", "application/json", json.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Ask for a change of one worker.
	 * @param workerId the worker's id
	 * @param json what to change
	 * @return what came of it
	 */
	HttpAnswer change(int workerId, String json) {
		return probe().post("/actuator/cluster/" + workerId, "application/json", json.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Return what {@code GET /actuator/cluster} answers. The request goes to any worker,
	 * over a new connection.
	 * @return the report
	 */
	ClusterReport report() {
		return getOk("/actuator/cluster").json(ClusterReport.class);
	}

	List<ClusterReport.WorkerReport> workers() {
		return report().workers();
	}

	List<EventReport> events() {
		return getOk("/actuator/clusterevents").json(EventsReport.class).events();
	}

	long lastSequence() {
		List<EventReport> events = events();
		return events.isEmpty() ? 0 : events.get(events.size() - 1).sequence();
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

	private HttpAnswer getOk(String target) {
		HttpAnswer answer = probe().get(target);
		if (!answer.isOk()) {
			throw new AssertionError(target + ": " + answer + "\n" + answer.text());
		}
		return answer;
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
	 * Wait for several events.
	 * @param count how many
	 * @param what the events in words
	 * @param predicate what they are to be like
	 */
	void awaitEvents(int count, String what, Predicate<EventReport> predicate) {
		await(count + " " + what).atMost(Duration.ofMinutes(5))
			.ignoreExceptionsMatching(AssertionError.class::isInstance)
			.until(() -> events().stream().filter(predicate).count() >= count);
	}

	/**
	 * Wait until the cluster has been through a rolling restart.
	 * @param generation the generation that all workers are to belong to
	 * @param workers how many there are to be
	 * @return the first report that says so
	 */
	ClusterReport awaitGeneration(int generation, int workers) {
		return await("a rolling restart to generation " + generation).atMost(Duration.ofMinutes(5))
			.ignoreExceptionsMatching(AssertionError.class::isInstance)
			.until(this::report,
					(report) -> report.generation() == generation && report.lastRestart() != null
							&& report.lastRestart().state().equals("COMPLETED") && report.size().ready() == workers
							&& report.workers().size() == workers
							&& report.workers().stream().allMatch((worker) -> worker.generation() == generation));
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
	 * Wait until a new worker is ready in place of one that has ended, or still drains.
	 * @param worker the one that has ended
	 * @return the new one
	 */
	ClusterReport.WorkerReport awaitReplacementOf(ClusterReport.WorkerReport worker) {
		EventReport left = awaitEvent("the end of the service of worker " + worker.id(),
				(event) -> event.is("WORKER_DRAINING", worker.id()) || event.is("WORKER_EXITED", worker.id()));
		EventReport started = awaitEvent("the start of a worker in place of worker " + worker.id(),
				(event) -> event.sequence() > left.sequence() && event.type().equals("WORKER_STARTED"));
		Predicate<ClusterReport.WorkerReport> isReplacement = (other) -> started.is("WORKER_STARTED", other.id())
				&& other.state().equals("READY");
		return awaitReport("another worker in place of worker " + worker.id(),
				(report) -> report.workers().stream().anyMatch(isReplacement))
			.workers()
			.stream()
			.filter(isReplacement)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * What {@code GET /actuator/clusterevents} answers.
	 */
	record EventsReport(List<EventReport> events) {

	}

}
