package io.github.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import io.github.clusterboot.it.load.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * WebFlux on the servers that have a servlet stack as well. What does not depend on the
 * stack is in the contract tests of the servers.
 */
@ParameterizedClass
@EnumSource(names = { "TOMCAT", "JETTY" })
class ReactiveServersIT {

	private static final int WORKERS = 2;

	private static final int IDLE_CONNECTIONS = 20;

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeParameterizedClassInvocation
	static void start(TestServer server) {
		application = cluster.application()
			.recordingTestApp(server.jarOnReactiveStack())
			.workers(WORKERS)
			.args("--cluster.worker.drain-timeout=6s", "--server.tomcat.keep-alive-timeout=5m",
					"--server.jetty.connection-idle-timeout=5m")
			.start();
		application.awaitReady(WORKERS);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	ReactiveServersIT(TestServer server) {
		assertThat(application.output()).containsIgnoringCase(server + " started on port");
	}

	@Test
	void everyWorkerAnswersAndSeesTheClient() throws IOException {
		assertThat(application.probe().get("/worker", 10, 2)).allMatch(HttpAnswer::isOk)
			.extracting(HttpAnswer::workerId)
			.containsAll(workerIds(application.report()));
		try (HttpConnection connection = application.probe().connect()) {
			assertThat(connection.get("/connection").text())
				.isEqualTo("127.0.0.1 %d 127.0.0.1 %d http".formatted(connection.localPort(), application.port()));
		}
	}

	private static List<Integer> workerIds(ClusterReport report) {
		return report.workers().stream().map(ClusterReport.WorkerReport::id).toList();
	}

	/**
	 * Some of the requests are slow, so that a worker that is to drain executes one.
	 * Jetty gives 1001 as well where a machine is so busy that the restart takes 30
	 * seconds, for which the WebSocket has then been idle.
	 */
	@Test
	void rollingRestartFailsNoRequestHandsIdleConnectionsOnAndClosesAWebSocketInOrder() throws IOException {
		ClusterReport before = application.awaitReady(WORKERS);
		List<HttpConnection> idle = new ArrayList<>();
		try (TestWebSocket socket = TestWebSocket.open(application.port());
				RunningLoad load = application.load()
					.clients(Traffic.NEW_CONNECTION, 2)
					.clients(Traffic.KEPT_ALIVE, 6)
					.clients(Traffic.SLOW_REQUEST, 4)
					.pause(Duration.ofMillis(30))
					.start()) {
			socket.send("hello");
			assertThat(socket.awaitText()).isEqualTo("hello");
			for (int i = 0; i < IDLE_CONNECTIONS; i++) {
				HttpConnection connection = application.probe().connect();
				idle.add(connection);
				assertThat(connection.get("/worker").workerId()).isIn(workerIds(before));
			}
			application.signal("HUP");
			ClusterReport after = application.awaitGeneration(before.generation() + 1, WORKERS);
			assertThat(socket.awaitClose()).isEqualTo(1001);
			for (HttpConnection connection : idle) {
				HttpAnswer answer = connection.get("/worker");
				assertThat(answer).matches(HttpAnswer::isOk);
				assertThat(answer.workerId()).isIn(workerIds(after));
			}
			LoadResult result = load.stop();
			System.out.println(result);
			result.assertNothingLost();
		}
		finally {
			for (HttpConnection connection : idle) {
				connection.close();
			}
		}
	}

}
