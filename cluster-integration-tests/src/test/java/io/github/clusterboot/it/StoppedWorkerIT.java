package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker is stopped by {@code SIGSTOP}: it does not take what it is sent, and others
 * serve it.
 */
@Tag("alone")
class StoppedWorkerIT {

	private static final int CLIENTS = 8;

	private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(2);

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	@BeforeAll
	static void start() {
		application = cluster.application().workers(2).args("--cluster.restart.initial-delay=50ms").start();
	}

	/**
	 * Conformance D4.
	 */
	@Test
	void killWhenConnectionsWaitForWorkerLetsOthersServeThemOnce() {
		ClusterReport before = application.awaitReady(2);
		ClusterReport.WorkerReport victim = stopOneOf(before);
		List<HttpConnection> clients = connectClients();
		Signals.send("KILL", victim.pid());
		assertAnsweredByOthersThan(victim, receive(clients));
		ClusterReport after = application.report();
		ClusterReport.WorkerReport other = after.worker(after.answeredBy().id());
		assertThat(other.requests().total()).isEqualTo(before.worker(other.id()).requests().total() + CLIENTS + 1);
		assertThat(application.awaitExitOf(victim).reason()).isEqualTo("CRASHED");
		application.awaitReplacementOf(victim);
	}

	/**
	 * Conformance D4, where the worker goes on after others have served what it was sent.
	 */
	@Test
	void continueWhenOthersHaveServedWhatWaitedAnswersNothingTwice() {
		ClusterReport before = application.awaitReady(2);
		ClusterReport.WorkerReport stopped = stopOneOf(before);
		assertAnsweredByOthersThan(stopped, receive(connectClients()));
		Signals.send("CONT", stopped.pid());
		assertServedOnce(before, stopped);
	}

	static IntStream delays() {
		return ItSettings.isLong() ? IntStream.of(0, 450, 500, 520, 540, 560, 580, 600) : IntStream.of(0, 500, 560);
	}

	/**
	 * Conformance D4, where the worker goes on at about the time at which the master
	 * takes back what it was sent, after 500 to 600 ms.
	 * @param delay the milliseconds from the last connect until the worker goes on
	 */
	@ParameterizedTest
	@MethodSource("delays")
	void continueWhenMasterTakesBackAnswersNothingTwice(int delay) {
		ClusterReport before = application.awaitReady(2);
		ClusterReport.WorkerReport stopped = stopOneOf(before);
		List<HttpConnection> clients = connectClients();
		CompletableFuture.runAsync(() -> Signals.send("CONT", stopped.pid()),
				CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS));
		receive(clients);
		assertServedOnce(before, stopped);
	}

	private static ClusterReport.WorkerReport stopOneOf(ClusterReport report) {
		ClusterReport.WorkerReport worker = report.workers().get(0);
		Signals.send("STOP", worker.pid());
		Awaitility.await("the stop").until(() -> ProcStatus.of(worker.pid()).state() == 'T');
		return worker;
	}

	private static List<HttpConnection> connectClients() {
		return IntStream.range(0, CLIENTS).mapToObj((client) -> {
			try {
				HttpConnection connection = application.probe().connect();
				connection.send("POST", "/echo", Map.of("Connection", "close"), body(client));
				return connection;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}).toList();
	}

	private static byte[] body(int client) {
		return ("client " + client).getBytes(StandardCharsets.UTF_8);
	}

	private static List<HttpAnswer> receive(List<HttpConnection> clients) {
		List<HttpAnswer> answers = clients.stream().map(HttpConnection::receive).toList();
		for (int i = 0; i < answers.size(); i++) {
			assertThat(answers.get(i)).matches(HttpAnswer::isOk);
			assertThat(answers.get(i).body()).isEqualTo(body(i));
		}
		assertThat(clients).allSatisfy((client) -> {
			try (client) {
				assertThat(client.isAtEnd()).isTrue();
			}
		});
		return answers;
	}

	private static void assertAnsweredByOthersThan(ClusterReport.WorkerReport stopped, List<HttpAnswer> answers) {
		assertThat(answers).allMatch((answer) -> answer.workerId() != stopped.id())
			.allMatch((answer) -> answer.elapsed().compareTo(TIME_TO_ANSWER) < 0);
	}

	/**
	 * Let the workers serve one at a time until the one that was stopped does too, and
	 * compare what was sent with what they have counted.
	 */
	private static void assertServedOnce(ClusterReport before, ClusterReport.WorkerReport stopped) {
		AtomicInteger sent = new AtomicInteger(CLIENTS);
		Awaitility.await("an answer by the worker that was stopped").atMost(Duration.ofSeconds(30)).until(() -> {
			sent.incrementAndGet();
			return application.probe().get("/worker").workerId() == stopped.id();
		});
		ClusterReport after = application.report();
		int sentWithReport = sent.incrementAndGet();
		assertThat(
				sum(after, (worker) -> worker.requests().total()) - sum(before, (worker) -> worker.requests().total()))
			.isEqualTo(sentWithReport);
		assertThat(sum(after, (worker) -> worker.connections().total())
				- sum(before, (worker) -> worker.connections().total()))
			.isEqualTo(sentWithReport);
		assertThat(after.restarts()).isEqualTo(before.restarts());
	}

	private static long sum(ClusterReport report, ToLongFunction<ClusterReport.WorkerReport> number) {
		return report.workers().stream().mapToLong(number).sum();
	}

}
