package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoints answer what the contract says, to the letter.
 */
class ActuatorIT {

	private static final String INSTANT = "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z\"";

	private static final String WORKER = """
			{"id":%d,"index":%d,"pid":%d,"generation":1,"state":"READY","startTime":INSTANT,"readyTime":INSTANT,\
			"connections":{"active":N,"total":N},"requests":{"active":N,"total":N},"memory":{"resident":N},\
			"lastHeartbeat":INSTANT}""";

	private static final int BACKLOG = 4;

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application().workers(2).args("--cluster.backlog=" + BACKLOG).start();
		application.awaitReport("a heartbeat of two ready workers", (report) -> report.size().ready() == 2
				&& report.workers().stream().allMatch((worker) -> worker.lastHeartbeat() != null));
	}

	@Test
	void clusterShowsAllOfItsFieldsInOrder() {
		HttpAnswer answer = application.probe().get("/actuator/cluster");
		ClusterReport report = answer.json(ClusterReport.class);
		ClusterReport.WorkerReport answeredBy = report.worker(answer.workerId());
		assertThat(answer.text()).matches(toPattern("""
				{"state":"RUNNING","master":{"pid":%d,"startTime":INSTANT},\
				"answeredBy":{"id":%d,"index":%d,"pid":%d},"generation":1,"scheduling":"ROUND_ROBIN",\
				"size":{"target":2,"ready":2},\
				"listeners":[{"name":"server","address":"0.0.0.0","port":%d,"accepted":N,"waiting":N}],\
				"workers":[%s,%s],"restarts":{"total":0,"unexpected":0}}""".formatted(application.pid(),
				answeredBy.id(), answeredBy.index(), answeredBy.pid(), application.port(),
				json(report.workers().get(0)), json(report.workers().get(1)))));
		assertThat(report.listeners().get(0).accepted()).isGreaterThanOrEqualTo(
				report.workers().stream().mapToLong((worker) -> worker.connections().total()).sum());
		assertThat(answeredBy.requests().active()).isPositive();
		assertThat(report.workers()).allMatch((worker) -> worker.memory().resident() > 1_000_000);
	}

	@Test
	void workerShowsTheSameAsCluster() {
		for (ClusterReport.WorkerReport worker : application.workers()) {
			HttpAnswer answer = application.probe().get("/actuator/cluster/" + worker.id());
			assertThat(answer).matches(HttpAnswer::isOk);
			assertThat(answer.text()).matches(toPattern(json(worker)));
		}
	}

	private static String json(ClusterReport.WorkerReport worker) {
		return WORKER.formatted(worker.id(), worker.index(), worker.pid());
	}

	private static String toPattern(String json) {
		return json.replaceAll("[\\[\\]{}]", "\\\\$0")
			.replace("INSTANT", INSTANT)
			.replace(":N", ":\\d+")
			.replace("TEXT", "\"[^\"]+\"");
	}

	@Test
	void workerWhenUnknownIsNotFound() {
		assertThat(application.probe().get("/actuator/cluster/99").status()).isEqualTo(404);
	}

	/**
	 * Conformance L1.
	 */
	@Test
	void eventsShowAllOfTheirFieldsInOrder() {
		String answer = application.probe().get("/actuator/clusterevents").text();
		ClusterReport.WorkerReport worker = application.workers().get(0);
		assertThat(answer).startsWith("{\"events\":[{\"sequence\":1,").endsWith("}]}");
		assertThat(answer).containsPattern(toPattern("""
				{"sequence":N,"timestamp":INSTANT,"type":"WORKER_ONLINE",\
				"worker":{"id":%d,"index":%d,"pid":%d,"generation":1},"message":TEXT}""".formatted(worker.id(),
				worker.index(), worker.pid())));
		assertThat(application.lifeOf(worker.id())).containsExactly("WORKER_STARTED", "WORKER_ONLINE",
				"WORKER_LISTENING", "WORKER_READY");
	}

	@Test
	void eventsWhenAfterOrTypeIsGivenShowOnlyThose() {
		List<EventReport> all = application.events();
		assertThat(all).hasSize(8);
		assertThat(sequences("?after=3")).containsExactly(4L, 5L, 6L, 7L, 8L);
		assertThat(sequences("?after=8")).isEmpty();
		List<Long> ready = all.stream()
			.filter((event) -> event.type().equals("WORKER_READY"))
			.map(EventReport::sequence)
			.toList();
		assertThat(sequences("?type=WORKER_READY")).isEqualTo(ready);
		assertThat(sequences("?after=" + ready.get(0) + "&type=WORKER_READY")).containsExactly(ready.get(1));
		assertThat(application.probe().get("/actuator/clusterevents?type=NONSENSE").status()).isEqualTo(400);
	}

	private static List<Long> sequences(String query) {
		List<Long> sequences = new ArrayList<>();
		JsonNode events = application.probe().get("/actuator/clusterevents" + query).json().path("events");
		events.forEach((event) -> sequences.add(event.path("sequence").asLong()));
		return sequences;
	}

	@Test
	void queryWhenMasterDoesNotAnswerIsUnavailableWithReason() throws IOException {
		assertUnavailableWhileMasterIsStopped("/actuator/cluster");
		assertUnavailableWhileMasterIsStopped("/actuator/cluster/1");
		assertUnavailableWhileMasterIsStopped("/actuator/clusterevents");
	}

	private static void assertUnavailableWhileMasterIsStopped(String target) throws IOException {
		try (HttpConnection connection = application.probe().connect()) {
			assertThat(connection.get("/worker")).matches(HttpAnswer::isOk);
			application.signal("STOP");
			HttpAnswer answer = connection.get(target);
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.text()).isEqualTo("{\"reason\":\"The master has not answered within 2 seconds\"}");
			assertThat(answer.elapsed()).isLessThan(Duration.ofSeconds(4));
		}
		finally {
			application.signal("CONT");
		}
		assertThat(application.probe().get("/actuator/cluster")).matches(HttpAnswer::isOk);
	}

	/**
	 * Conformance P4: while the master is stopped, the kernel's queue is all there is.
	 */
	@Test
	void connectWhenMasterDoesNotAcceptIsQueuedUpToTheBacklog() throws IOException {
		try {
			application.signal("STOP");
			Awaitility.await("the master's stop").until(() -> ProcStatus.isStopped(application.pid()));
			assertThat(countOfConnectionsTheKernelQueues()).isEqualTo(BACKLOG + 1);
		}
		finally {
			application.signal("CONT");
		}
	}

	/**
	 * The kernel queues one more than the backlog, see {@code sk_acceptq_is_full} in
	 * Linux, and then does not answer.
	 */
	private static int countOfConnectionsTheKernelQueues() throws IOException {
		HttpProbe probe = application.probe().within(Duration.ofMillis(500));
		List<HttpConnection> connections = new ArrayList<>();
		try {
			while (connections.size() < 2 * BACKLOG) {
				connections.add(probe.connect());
			}
		}
		catch (IOException ex) {
			assertThat(HttpAnswer.Outcome.of(ex)).isEqualTo(HttpAnswer.Outcome.TIMED_OUT);
		}
		for (HttpConnection connection : connections) {
			connection.close();
		}
		return connections.size();
	}

}
