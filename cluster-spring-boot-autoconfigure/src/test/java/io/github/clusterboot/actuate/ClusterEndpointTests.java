package io.github.clusterboot.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.Cluster;
import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterRole;
import io.github.clusterboot.ClusterState;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.ExitReason;
import io.github.clusterboot.RestartState;
import io.github.clusterboot.Scheduling;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.worker.CommandRefusedException;
import io.github.clusterboot.worker.MasterClient;
import io.github.clusterboot.worker.MasterUnavailableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.invocation.InvocationOnMock;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClusterEndpoint} and {@link ClusterEventsEndpoint} as an application
 * serves them. The expected JSON is exactly that of {@code docs/actuator.md}, even if the
 * application writes its own JSON in another way.
 */
@SpringBootTest(properties = { "management.endpoints.web.exposure.include=cluster,clusterevents",
		"management.endpoint.cluster.access=unrestricted", "spring.main.banner-mode=off", "logging.level.root=warn",
		"spring.jackson.property-naming-strategy=SNAKE_CASE", "spring.jackson.default-property-inclusion=always" })
class ClusterEndpointTests {

	private static final String WORKER = """
			{ "id": 1, "index": 0, "pid": 4712, "generation": 1, "state": "READY",
			  "startTime": "2026-11-23T08:00:00Z", "readyTime": "2026-11-23T08:00:03Z",
			  "connections": { "active": 3, "total": 521 }, "requests": { "active": 1, "total": 9120 },
			  "memory": { "resident": 214958080 }, "lastHeartbeat": "2026-11-23T08:10:00Z" }
			""";

	private static final String CLUSTER = """
			{
			  "state": "RUNNING",
			  "master": { "pid": 4711, "startTime": "2026-11-23T08:00:00Z" },
			  "answeredBy": { "id": 2, "index": 1, "pid": 4713 },
			  "generation": 1,
			  "scheduling": "ROUND_ROBIN",
			  "size": { "target": 2, "ready": 2 },
			  "listeners": [ { "name": "server", "address": "0.0.0.0", "port": 8080, "accepted": 1042, "waiting": 0 } ],
			  "workers": [
			    %s
			  ],
			  "restarts": { "total": 1, "unexpected": 1 }
			}
			""".formatted(WORKER);

	private static final String EVENTS = """
			{ "events": [
			    { "sequence": 12, "timestamp": "2026-11-23T08:10:00.125Z", "type": "WORKER_EXITED",
			      "worker": { "id": 1, "index": 0, "pid": 4712, "generation": 1 },
			      "reason": "CRASHED", "exitCode": 137, "message": "worker 1 has exited" },
			    { "sequence": 13, "timestamp": "2026-11-23T08:10:00.125Z", "type": "WORKER_STARTED",
			      "worker": { "id": 3, "index": 0, "pid": 4714, "generation": 1 }, "message": "worker 3 was started" },
			    { "sequence": 14, "timestamp": "2026-11-23T08:10:00.125Z", "type": "CLUSTER_STOPPING",
			      "message": "stops" }
			] }
			""";

	private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

	private final MockMvcTester mvc;

	private final TestMaster master;

	ClusterEndpointTests(@Autowired WebApplicationContext context, @Autowired TestMaster master) {
		this.mvc = MockMvcTester.from(context);
		this.master = master;
	}

	@BeforeEach
	void reset() {
		this.master.reset();
	}

	@Test
	void clusterAnswersTheViewOfTheMaster() {
		MvcTestResult result = get("/actuator/cluster");
		assertThat(result).hasStatusOk();
		assertThat(result.getResponse().getContentType()).isEqualTo("application/vnd.spring-boot.actuator.v3+json");
		assertThat(result).bodyText().isEqualTo(compact(CLUSTER));
	}

	@Test
	void clusterWhenLimitedSaysWhy() {
		this.master.limited = new ClusterView.Limited(1, "its database is in memory");
		assertThat(get("/actuator/cluster")).bodyJson()
			.extractingPath("limited")
			.isEqualTo(Map.of("to", 1, "because", "its database is in memory"));
	}

	@Test
	void clusterWhenPlainJsonIsAskedForAnswersTheSame() {
		assertThat(this.mvc.get().uri("/actuator/cluster").accept(MediaType.APPLICATION_JSON)).hasStatusOk()
			.hasContentTypeCompatibleWith(MediaType.APPLICATION_JSON)
			.bodyText()
			.isEqualTo(compact(CLUSTER));
	}

	@Test
	void clusterWhenTheMasterDoesNotAnswerSaysSo() {
		this.master.failure = new MasterUnavailableException("The master has not answered within 2 seconds");
		assertThat(get("/actuator/cluster")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.bodyText()
			.isEqualTo("{\"reason\":\"The master has not answered within 2 seconds\"}");
	}

	@Test
	void workerAnswersOneWorker() {
		assertThat(get("/actuator/cluster/1")).hasStatusOk().bodyText().isEqualTo(compact(WORKER));
	}

	@Test
	void workerWhenItIsStartingLeavesOutWhatIsNotKnown() {
		this.master.worker = new ClusterView.Worker(1, 0, 4712, 1, WorkerState.STARTING, START, null,
				new ClusterView.Counts(0, 0), new ClusterView.Counts(0, 0), new ClusterView.Memory(0), null);
		assertThat(get("/actuator/cluster/1")).hasStatusOk().bodyText().isEqualTo(compact("""
				{ "id": 1, "index": 0, "pid": 4712, "generation": 1, "state": "STARTING",
				  "startTime": "2026-11-23T08:00:00Z",
				  "connections": { "active": 0, "total": 0 }, "requests": { "active": 0, "total": 0 },
				  "memory": { "resident": 0 } }
				"""));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2, -1, Integer.MAX_VALUE })
	void workerWhenTheIdIsUnknownIsNotFound(int id) {
		assertThat(get("/actuator/cluster/" + id)).hasStatus(HttpStatus.NOT_FOUND).body().isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "first", "1.5", "99999999999" })
	void workerWhenTheIdIsNotANumberIsABadRequest(String id) {
		assertThat(get("/actuator/cluster/" + id)).hasStatus(HttpStatus.BAD_REQUEST);
	}

	@Test
	void workerWhenTheMasterDoesNotAnswerSaysSo() {
		this.master.failure = new MasterUnavailableException("There is no master");
		assertThat(get("/actuator/cluster/1")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.bodyText()
			.isEqualTo("{\"reason\":\"There is no master\"}");
	}

	@Test
	void clusterWhenARestartWasRolledBackSaysWhy() {
		this.master.lastRestart = new ClusterView.LastRestart(2, RestartState.ROLLED_BACK, START, START.plusSeconds(9),
				"worker 3 has exited with code 1");
		assertThat(get("/actuator/cluster")).hasStatusOk().bodyText().endsWith(compact("""
				{ "generation": 2, "state": "ROLLED_BACK", "startTime": "2026-11-23T08:00:00Z",
				  "endTime": "2026-11-23T08:00:09Z", "cause": "worker 3 has exited with code 1" }
				""") + "}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"action":"restart"}                | restart
			{"workers":4}                       | resize 4
			{"workers":1}                       | resize 1
			{"workers":512}                     | resize 512
			{"action":"restart","workers":null} | restart
			""")
	void changeAsksTheMasterAndAnswersItsView(String body, String asked) {
		assertThat(post("/actuator/cluster", body)).hasStatusOk().bodyText().isEqualTo(compact(CLUSTER));
		assertThat(this.master.asked).containsExactly(asked);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"action\":\"stop\"}", "{\"workers\":0}", "{\"workers\":-1}", "{\"workers\":513}",
			"{\"workers\":\"many\"}", "{\"action\":\"restart\",\"workers\":2}" })
	void changeWhenTheRequestIsUnusableIsABadRequest(String body) {
		assertThat(post("/actuator/cluster", body)).hasStatus(HttpStatus.BAD_REQUEST);
		assertThat(this.master.asked).isEmpty();
	}

	@Test
	void changeWhenTheMasterRefusesSaysSo() {
		this.master.refusal = "The cluster stops";
		assertThat(post("/actuator/cluster", "{\"action\":\"restart\"}")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.bodyText()
			.isEqualTo("{\"reason\":\"The cluster stops\"}");
	}

	@Test
	void changeWorkerAsksTheMasterAndAnswersTheWorker() {
		assertThat(post("/actuator/cluster/1", "{\"action\":\"restart\"}")).hasStatusOk()
			.bodyText()
			.isEqualTo(compact(WORKER));
		assertThat(this.master.asked).containsExactly("restart 1");
	}

	@Test
	void changeWorkerWhenTheIdIsUnknownIsNotFound() {
		assertThat(post("/actuator/cluster/2", "{\"action\":\"restart\"}")).hasStatus(HttpStatus.NOT_FOUND);
		assertThat(this.master.asked).isEmpty();
	}

	@Test
	void changeWorkerWhenTheMasterRefusesSaysSo() {
		this.master.refusal = "The cluster stops";
		assertThat(post("/actuator/cluster/1", "{\"action\":\"restart\"}")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.bodyText()
			.isEqualTo("{\"reason\":\"The cluster stops\"}");
	}

	@Test
	void changeWorkerWhenTheWorkerHasEndedMeanwhileIsNotFound() {
		this.master.refusal = "There is no worker 1";
		this.master.endsWhenRefusing = true;
		assertThat(post("/actuator/cluster/1", "{\"action\":\"restart\"}")).hasStatus(HttpStatus.NOT_FOUND)
			.body()
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"action\":\"stop\"}" })
	void changeWorkerWhenTheRequestIsUnusableIsABadRequest(String body) {
		assertThat(post("/actuator/cluster/1", body)).hasStatus(HttpStatus.BAD_REQUEST);
		assertThat(this.master.asked).isEmpty();
	}

	@Test
	void eventsAnswersEventsOldestFirst() {
		assertThat(get("/actuator/clusterevents")).hasStatusOk().bodyText().isEqualTo(compact(EVENTS));
		assertThat(this.master.asked).containsExactly("0 null");
	}

	@ParameterizedTest
	@CsvSource({ "after=12,12 null", "after=0,0 null", "type=WORKER_EXITED,0 WORKER_EXITED",
			"after=41&type=CLUSTER_STOPPING,41 CLUSTER_STOPPING", "type=worker-exited,0 WORKER_EXITED" })
	void eventsAsksTheMasterForWhatIsAskedFor(String query, String asked) {
		assertThat(get("/actuator/clusterevents?" + query)).hasStatusOk();
		assertThat(this.master.asked).containsExactly(asked);
	}

	@ParameterizedTest
	@ValueSource(strings = { "after=soon", "type=NOTHING" })
	void eventsWhenAParameterIsUnusableIsABadRequest(String query) {
		assertThat(get("/actuator/clusterevents?" + query)).hasStatus(HttpStatus.BAD_REQUEST);
		assertThat(this.master.asked).isEmpty();
	}

	@Test
	void eventsWhenTheMasterDoesNotAnswerSaysSo() {
		this.master.failure = new MasterUnavailableException("There is no master");
		assertThat(get("/actuator/clusterevents")).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
			.bodyText()
			.isEqualTo("{\"reason\":\"There is no master\"}");
	}

	@Test
	void anyOperationWhenThereIsNoMasterSaysSo() {
		ClusterEndpoint endpoint = new ClusterEndpoint(new FakeCluster(), null);
		assertThat(List.of(endpoint.cluster(), endpoint.worker(1), endpoint.change(null, 2),
				endpoint.changeWorker(1, "restart"), new ClusterEventsEndpoint(null).events(null, null)))
			.allSatisfy((response) -> {
				assertThat(response.getStatus()).isEqualTo(503);
				assertThat(response.getBody())
					.isEqualTo(new UnavailableDescriptor("The application runs without a cluster (role STANDALONE)"));
			});
	}

	private MvcTestResult post(String uri, String body) {
		return this.mvc.post().uri(uri).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
	}

	private MvcTestResult get(String uri) {
		return this.mvc.get().uri(uri).exchange();
	}

	private static String compact(String json) {
		return JsonMapper.shared().readTree(json).toString();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		TestMaster master() {
			return new TestMaster();
		}

		@Bean
		Cluster cluster() {
			return new FakeCluster();
		}

		@Bean
		ClusterEndpoint clusterEndpoint(Cluster cluster, TestMaster master) {
			return new ClusterEndpoint(cluster, master.client);
		}

		@Bean
		ClusterEventsEndpoint clusterEventsEndpoint(TestMaster master) {
			return new ClusterEventsEndpoint(master.client);
		}

	}

	/**
	 * The worker that answers.
	 */
	static final class FakeCluster implements Cluster {

		@Override
		public ClusterRole getRole() {
			return ClusterRole.WORKER;
		}

		@Override
		public WorkerIdentity getWorker() {
			return new WorkerIdentity(2, 1, 4713, 1);
		}

		@Override
		public @Nullable ClusterView getView() {
			return null;
		}

	}

	/**
	 * A master that answers what docs/actuator.md shows, refuses, or does not answer.
	 */
	static final class TestMaster {

		private final MasterClient client = mock(MasterClient.class, this::answer);

		private final List<String> asked = new ArrayList<>();

		private @Nullable MasterUnavailableException failure;

		private @Nullable String refusal;

		private boolean endsWhenRefusing;

		private ClusterView.@Nullable Worker worker = readyWorker();

		private ClusterView.@Nullable LastRestart lastRestart;

		private ClusterView.@Nullable Limited limited;

		void reset() {
			this.asked.clear();
			this.failure = null;
			this.refusal = null;
			this.endsWhenRefusing = false;
			this.worker = readyWorker();
			this.lastRestart = null;
			this.limited = null;
		}

		private static ClusterView.Worker readyWorker() {
			return new ClusterView.Worker(1, 0, 4712, 1, WorkerState.READY, START, START.plusSeconds(3),
					new ClusterView.Counts(3, 521), new ClusterView.Counts(1, 9120),
					new ClusterView.Memory(214_958_080), START.plusSeconds(600));
		}

		private @Nullable Object answer(InvocationOnMock call) throws Exception {
			if (this.failure != null) {
				throw this.failure;
			}
			return switch (call.getMethod().getName()) {
				case "view" -> view();
				case "events" -> events(call.getArgument(0), call.getArgument(1));
				case "restartCluster" -> command("restart");
				case "restartWorker" -> command("restart " + call.getArgument(0));
				case "resize" -> command("resize " + call.getArgument(0));
				default -> throw new AssertionError(call);
			};
		}

		private ClusterView view() {
			return new ClusterView(ClusterState.RUNNING, new ClusterView.Master(4711, START), 1, Scheduling.ROUND_ROBIN,
					new ClusterView.Size(2, 2), List.of(new ClusterView.Listener("server", "0.0.0.0", 8080, 1042, 0)),
					(this.worker != null) ? List.of(this.worker) : List.of(), new ClusterView.Restarts(1, 1),
					this.lastRestart, this.limited);
		}

		private List<ClusterEvent> events(long after, @Nullable ClusterEventType type) {
			this.asked.add(after + " " + type);
			Instant time = START.plusMillis(600_125);
			return List.of(
					new ClusterEvent(12, time, ClusterEventType.WORKER_EXITED, new WorkerIdentity(1, 0, 4712, 1),
							ExitReason.CRASHED, 137, "worker 1 has exited"),
					new ClusterEvent(13, time, ClusterEventType.WORKER_STARTED, new WorkerIdentity(3, 0, 4714, 1), null,
							null, "worker 3 was started"),
					new ClusterEvent(14, time, ClusterEventType.CLUSTER_STOPPING, null, null, null, "stops"));
		}

		private @Nullable Object command(String command) throws CommandRefusedException {
			if (this.refusal != null) {
				this.worker = this.endsWhenRefusing ? null : this.worker;
				throw new CommandRefusedException(this.refusal);
			}
			this.asked.add(command);
			return null;
		}

	}

}
