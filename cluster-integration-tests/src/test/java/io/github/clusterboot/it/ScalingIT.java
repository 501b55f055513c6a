package io.github.clusterboot.it;

import io.github.clusterboot.it.load.LoadResult;
import io.github.clusterboot.it.load.RunningLoad;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The number of workers changes while clients send requests, and no request is lost. That
 * is first, while the cluster has all the workers that it was started with.
 */
@TestMethodOrder(OrderAnnotation.class)
@Tag("one-jdk")
class ScalingIT {

	private static final int WORKERS = 4;

	private static final int CYCLES = ItSettings.isLong() ? 5 : 1;

	private static final int REQUESTS = ItSettings.isLong() ? 100_000 : 10_000;

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application().recordingSample().workers(WORKERS).start();
	}

	@Test
	@Order(1)
	void resizeWhenUnderLoadLosesNoRequest() {
		application.awaitReady(WORKERS);
		long sequence = application.lastSequence();
		try (RunningLoad load = application.load().mixedClients().pause(ItSettings.pause(200)).start()) {
			for (int cycle = 0; cycle < CYCLES; cycle++) {
				load.awaitFurther(REQUESTS / CYCLES / 10);
				resize(1);
				load.awaitFurther(REQUESTS / CYCLES / 10);
				resize(WORKERS);
			}
			load.awaitTotal(REQUESTS);
			LoadResult result = load.stop();
			System.out.println(CYCLES + " times from " + WORKERS + " workers to 1 and back:\n\n" + result);
			result.assertNothingLost();
			assertThat(result.total()).isGreaterThanOrEqualTo(REQUESTS);
		}
		EventHistory history = EventHistory.of(application.events()).since(sequence);
		assertThat(history.fewestReady()).isEqualTo(1);
		assertThat(history.exits("SCALE_DOWN")).hasSize(CYCLES * (WORKERS - 1));
	}

	@Test
	void signalWhenOneWorkerIsLeftAddsOneAndNeverTakesTheLast() {
		resize(1);
		application.signal("TTOU");
		// by the time of the next answers the master has got the signal
		assertThat(application.probe().get("/actuator/cluster", 10, 1)).allMatch(HttpAnswer::isOk);
		assertThat(application.report().size()).isEqualTo(new ClusterReport.Size(1, 1));
		application.signal("TTIN");
		assertThat(application.awaitReady(2).size().target()).isEqualTo(2);
		application.signal("TTOU");
		assertThat(application.awaitReady(1).size().target()).isEqualTo(1);
	}

	private static void resize(int workers) {
		assertThat(application.change("{\"workers\":%d}".formatted(workers)).status()).isEqualTo(200);
		assertThat(application.awaitReady(workers).size().target()).isEqualTo(workers);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"workers\":0}", "{\"workers\":-1}", "{\"workers\":\"many\"}", "{\"workers\":1000000}",
			"{\"action\":\"dance\"}", "{}" })
	void changeWhenNonsenseIsABadRequestAndChangesNothing(String json) {
		ClusterReport before = application.report();
		assertThat(application.change(json).status()).isEqualTo(400);
		ClusterReport after = application.report();
		assertThat(after.size().target()).isEqualTo(before.size().target());
		assertThat(after.generation()).isEqualTo(before.generation());
	}

}
