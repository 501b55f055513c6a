package io.github.clusterboot.it;

import java.time.Duration;
import java.util.stream.Stream;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Every worker is replaced while clients send requests, and no request is lost: on other
 * servers and with other policies than {@link RollingRestartIT} has.
 */
@Tag("one-jdk")
class RollingRestartVariantsIT {

	private static final int WORKERS = 2;

	private static final int CYCLES = ItSettings.isLong() ? 5 : 1;

	private static final int REQUESTS = ItSettings.isLong() ? 100_000 : 3_000;

	/**
	 * How long a worker on Reactor Netty takes to end when nothing is left to do: by
	 * default two seconds.
	 */
	private static final Duration QUIET_PERIOD = ItSettings.isLong() ? Duration.ofSeconds(2) : Duration.ZERO;

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	static Stream<Arguments> variants() {
		Stream<Arguments> always = Stream.of(arguments(TestServer.JETTY, "round-robin"),
				arguments(TestServer.NETTY, "round-robin"), arguments(TestServer.TOMCAT, "reuse-port"));
		return ItSettings.isLong() ? Stream.concat(always, Stream.of(arguments(TestServer.TOMCAT, "least-connections"),
				arguments(TestServer.TOMCAT, "source-hash"))) : always;
	}

	@ParameterizedTest
	@MethodSource("variants")
	void restartWhenUnderLoadLosesNoRequest(TestServer server, String scheduling) {
		ClusterApplication application = this.cluster.application()
			.recordingTestApp(server.jar())
			.workers(WORKERS)
			.args("--cluster.scheduling=" + scheduling, "--cluster.worker.drain-timeout=30s",
					"--spring.reactor.netty.shutdown-quiet-period=" + QUIET_PERIOD.toSeconds() + "s")
			.start();
		application.awaitReady(WORKERS);
		try (RunningLoad load = application.load().mixedClients().pause(ItSettings.pause(400)).start()) {
			load.awaitTotal(REQUESTS / 10);
			for (int cycle = 1; cycle <= CYCLES; cycle++) {
				application.signal("HUP");
				application.awaitGeneration(1 + cycle, WORKERS);
			}
			load.awaitTotal(REQUESTS);
			LoadResult result = load.stop();
			System.out.println(CYCLES + " rolling restarts of " + WORKERS + " workers, " + server + ", " + scheduling
					+ ":\n\n" + result);
			result.assertNothingLost();
			assertThat(result.total()).isGreaterThanOrEqualTo(REQUESTS);
		}
		EventHistory history = EventHistory.of(application.events()).sinceReady(WORKERS);
		assertThat(history.fewestReady()).isEqualTo(WORKERS);
	}

}
