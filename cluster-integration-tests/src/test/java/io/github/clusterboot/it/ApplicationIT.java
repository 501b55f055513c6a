package io.github.clusterboot.it;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.github.clusterboot.it.app.ConnectionReport;
import io.github.clusterboot.it.app.ProcessReport;
import io.github.clusterboot.it.app.TestApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application sees of the cluster that it runs in, and what of the world outside.
 */
class ApplicationIT {

	@RegisterExtension
	private static final ClusterExtension cluster = new ClusterExtension();

	private static ClusterApplication application;

	private static ClusterApplication standalone;

	@BeforeAll
	static void start() {
		application = cluster.application()
			.mainClass(TestApplication.class)
			.workers(2)
			.args("--cluster.worker.environment.IT_GREETING=hello", "--cluster.restart.initial-delay=50ms")
			.environment("IT_INHERITED", "yes")
			.start();
		standalone = cluster.application().mainClass(TestApplication.class).args("--cluster.enabled=false").start();
		application.awaitReady(2);
	}

	@Test
	void mainWhenRunInMasterEndsWhereTheContextWouldBeCreated() {
		List<Long> workers = List.copyOf(application.workerPids());
		assertThat(processesThatPrinted("The main method begins")).contains(application.pid()).containsAll(workers);
		assertThat(processesThatPrinted("A bean of the application is made")).containsAll(workers)
			.doesNotContain(application.pid());
		assertThat(processesThatPrinted("The main method goes on")).containsAll(workers)
			.doesNotContain(application.pid());
	}

	private static List<Long> processesThatPrinted(String what) {
		return Pattern.compile("^" + what + " in process (\\d+)$", Pattern.MULTILINE)
			.matcher(application.output())
			.results()
			.map((result) -> Long.parseLong(result.group(1)))
			.toList();
	}

	/**
	 * Conformance P1.
	 */
	@Test
	void portWhenRandomIsTheSameAndKnownInEveryWorker() {
		assertThat(processes()).hasSize(2).allMatch((process) -> process.localServerPort() == application.port());
		Pattern started = Pattern.compile("\\[worker (\\d+)\\].* Tomcat started on port (\\d+) ");
		List<MatchResult> lines = started.matcher(application.output()).results().toList();
		assertThat(lines).extracting((line) -> line.group(1)).contains("1", "2");
		assertThat(lines).extracting((line) -> line.group(2)).containsOnly(String.valueOf(application.port()));
	}

	/**
	 * Conformance M3.
	 */
	@Test
	void processWhenWorkerHasEnvironmentAndDirectoryOfMasterAndWhatIsConfigured() throws IOException {
		Path directory = application.log().getParent();
		assertThat(processes()).allSatisfy((process) -> {
			assertThat(process.role()).isEqualTo("WORKER");
			assertThat(process.environment())
				.containsExactlyInAnyOrderEntriesOf(Map.of("IT_GREETING", "hello", "IT_INHERITED", "yes"));
			assertThat(process.directory()).isEqualTo(directory.toRealPath().toString());
		});
	}

	private static List<ProcessReport> processes() {
		HttpProbe probe = application.probe();
		return Stream.generate(() -> probe.get("/process").json(ProcessReport.class)).limit(4).distinct().toList();
	}

	/**
	 * Conformance M5.
	 */
	@Test
	void childWhenStartedByWorkerIsNoWorker() {
		HttpAnswer answer = application.probe().post("/child");
		assertThat(answer.text()).contains("The child's role is STANDALONE, its id 0");
	}

	/**
	 * Conformance P5.
	 */
	@Test
	void connectionWhenTakenHasTheAddressesThatItHasWithoutCluster() throws IOException {
		List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.1")));
		NetworkInterface.getByInetAddress(addresses.get(0))
			.inetAddresses()
			.filter(Inet6Address.class::isInstance)
			.forEach(addresses::add);
		for (InetAddress address : addresses) {
			ConnectionReport expected = connectionTo(standalone, address);
			for (int i = 0; i < 2; i++) {
				assertThat(connectionTo(application, address)).isEqualTo(expected);
			}
		}
	}

	/**
	 * Ports are compared here, since they differ.
	 */
	private static ConnectionReport connectionTo(ClusterApplication application, InetAddress address)
			throws IOException {
		try (HttpConnection connection = application.probe().connect(address)) {
			HttpAnswer answer = connection.get("/connection");
			ConnectionReport report = answer.json(ConnectionReport.class);
			assertThat(report.remotePort()).isEqualTo(connection.localPort());
			assertThat(report.localPort()).isEqualTo(application.port());
			return new ConnectionReport(report.remoteAddress(), 0, report.localAddress(), 0, report.serverPort());
		}
	}

	/**
	 * Conformance L1.
	 */
	@Test
	void eventsReachTheBeansOfEveryWorkerInOrder() {
		ClusterReport.WorkerReport victim = application.awaitReady(2).workers().get(0);
		Signals.send("KILL", victim.pid());
		application.awaitReplacementOf(victim);
		application.awaitReady(2).workers().forEach(ApplicationIT::assertRecordsEveryEventFromItsStartOn);
		assertThat(application.events()).extracting(EventReport::sequence)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, application.events().size()).boxed().toList());
	}

	private static void assertRecordsEveryEventFromItsStartOn(ClusterReport.WorkerReport worker) {
		List<EventReport> expected = application.events()
			.stream()
			.dropWhile((event) -> !event.is("WORKER_STARTED", worker.id()))
			.toList();
		Awaitility.await("the events in worker " + worker.id())
			.untilAsserted(() -> assertThat(eventsRecordedBy(worker)).isEqualTo(expected));
	}

	private static List<EventReport> eventsRecordedBy(ClusterReport.WorkerReport worker) throws IOException {
		for (int attempt = 0; attempt < 10; attempt++) {
			try (HttpConnection connection = application.probe().connect()) {
				if (connection.get("/process").json(ProcessReport.class).id() == worker.id()) {
					return List.of(connection.get("/recorded-events").json(EventReport[].class));
				}
			}
		}
		throw new AssertionError("Worker " + worker.id() + " does not answer");
	}

	/**
	 * Conformance P6.
	 */
	@Test
	void restartServerWhenAnotherWorkerServesFailsNoRequestAndKeepsThePort() throws IOException {
		ClusterReport before = application.awaitReady(2);
		Path file = application.temporary().resolve("start");
		int worker = application.probe().post("/restart-server?when=" + file).json(Integer.class);
		application.awaitOutput("The context is stopped in worker " + worker);
		assertThat(application.probe().get("/process", 100, 4)).allMatch(HttpAnswer::isOk)
			.noneMatch((answer) -> answer.json(ProcessReport.class).id() == worker);
		Files.createFile(file);
		assertThat(application.probe().get("/process", 100, 4)).allMatch(HttpAnswer::isOk);
		application.awaitOutput("The context is started again in worker " + worker);
		Files.delete(file);
		List<Integer> ids = before.workers().stream().map(ClusterReport.WorkerReport::id).toList();
		Awaitility.await("both workers' answers")
			.untilAsserted(() -> assertThat(processes()).extracting(ProcessReport::id)
				.containsExactlyInAnyOrderElementsOf(ids));
		assertThat(processes()).allMatch((process) -> process.localServerPort() == application.port());
		assertThat(application.report().restarts()).isEqualTo(before.restarts());
	}

	/**
	 * Conformance P6, as devtools does it.
	 */
	@Test
	void replaceContextWhenAnotherWorkerServesKeepsTheWorkerAndThePort() {
		ClusterReport before = application.awaitReady(2);
		int worker = application.probe().post("/replace-context").json(Integer.class);
		EventReport draining = application.awaitEvent("the drain", (event) -> event.is("WORKER_DRAINING", worker));
		assertThat(application.probe().get("/process", 100, 4)).allMatch(HttpAnswer::isOk);
		application.awaitEvent("the new context",
				(event) -> event.is("WORKER_READY", worker) && event.sequence() > draining.sequence());
		ClusterReport after = application.awaitReady(2);
		assertThat(after.worker(worker).pid()).isEqualTo(before.worker(worker).pid());
		assertThat(after.restarts()).isEqualTo(before.restarts());
		assertRecordsEveryEventFromItsStartOn(after.worker(worker));
	}

}
