package io.github.clusterboot.it.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.it.load.ScriptedServer.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The load client counts what a server does to it, and nothing else.
 */
class LoadIT {

	private static final Step GOOD = Step.answer("200 OK");

	@TempDir
	private Path records;

	/**
	 * The second, fourth … request of a client has a body.
	 */
	@Test
	void stopWhenServerFailsInEveryWayTellsEachEnding() throws IOException {
		LoadResult result = run(Traffic.NEW_CONNECTION, Duration.ZERO, 10,
				List.of(GOOD, GOOD, Step.reset(), Step.answerAndClose(0), Step.answerAndClose(20), Step.remainSilent(),
						Step.answer("503 Service Unavailable"), Step.answerOtherBody(),
						Step.answer("200 OK", "X-Request-Id: another")));
		assertThat(result.exchanges()).extracting(Exchange::ending)
			.containsExactly(Ending.OK, Ending.OK, Ending.RESET, Ending.SHORT, Ending.SHORT, Ending.TIMED_OUT,
					Ending.NOT_2XX, Ending.WRONG, Ending.WRONG, Ending.REFUSED);
		assertThat(result.failed()).hasSize(8);
		assertThat(result.toString()).contains("| new connection | 1 | 10 | 2 | 1 | 1 | 2 | 1 | 1 | 2 | 0 | 0 |");
	}

	@Test
	void stopWhenKeptAliveConnectionIsLostCountsFailureAndConnectsAgain() throws IOException {
		LoadResult result = run(Traffic.KEPT_ALIVE, Duration.ZERO, 5,
				List.of(GOOD, Step.answerAndClose(0), GOOD, Step.reset(), GOOD));
		assertThat(result.exchanges()).extracting(Exchange::ending)
			.containsExactly(Ending.OK, Ending.SHORT, Ending.OK, Ending.RESET, Ending.OK);
		assertThat(result.exchanges()).extracting(Exchange::requestsBefore).containsExactly(0, 1, 0, 1, 0);
	}

	@Test
	void stopWhenServerAnnouncesOrShowsTheEndOfConnectionCountsNoFailure() throws IOException {
		LoadResult result = run(Traffic.KEPT_ALIVE, Duration.ofMillis(200), 4, List.of(GOOD,
				Step.answer("200 OK", "Connection: close"), Step.answerAndClose(Integer.MAX_VALUE), GOOD));
		assertThat(result.failed()).isEmpty();
		assertThat(result.exchanges()).extracting(Exchange::requestsBefore).containsExactly(0, 1, 0, 0);
		assertThat(result.closedIdle()).isOne();
	}

	@Test
	void stopWhenAnotherWorkerAnswersOnSameConnectionCountsTheMove() throws IOException {
		LoadResult result = run(Traffic.KEPT_ALIVE, Duration.ZERO, 3, List.of(Step.answer("200 OK", "X-Worker-Id: 1"),
				Step.answer("200 OK", "X-Worker-Id: 2"), Step.answer("200 OK", "X-Worker-Id: 2")));
		assertThat(result.perTraffic()).extracting(TrafficSummary::moved).containsExactly(1);
	}

	@Test
	void stopWhenWorkersHaveRecordedTellsWhatWasExecutedTwiceOrByNobody() throws IOException {
		Step recordTwice = (request, connection) -> {
			Files.writeString(this.records.resolve("1.txt"), request.id() + "\n");
			Files.writeString(this.records.resolve("2.txt"), request.id() + "\n");
			GOOD.serve(request, connection);
		};
		LoadResult result = run(Traffic.KEPT_ALIVE, Duration.ZERO, 3, List.of(GOOD, recordTwice, Step.reset()));
		assertThat(result.executedTwice()).containsExactly(result.exchanges().get(1));
		assertThat(result.unrecorded()).containsExactly(result.exchanges().get(0));
	}

	@Test
	void stopWhenUploadIsSlowSendsItInPieces() throws IOException {
		LoadResult result = run(Traffic.SLOW_UPLOAD, Duration.ZERO, 1, List.of(GOOD));
		assertThat(result.exchanges()).singleElement().matches(Exchange::isOk).satisfies((exchange) -> {
			assertThat(exchange.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
		});
	}

	private LoadResult run(Traffic traffic, Duration pause, int requests, List<Step> steps) throws IOException {
		try (ScriptedServer server = new ScriptedServer(steps);
				RunningLoad load = new Load(server.port(), this.records).clients(traffic, 1)
					.pause(pause)
					.timeout(Duration.ofMillis(500))
					.atMost(requests, Duration.ofSeconds(20))
					.start()) {
			load.awaitTotal(requests);
			LoadResult result = load.stop();
			assertThat(result.total()).isEqualTo(requests);
			return result;
		}
	}

}
