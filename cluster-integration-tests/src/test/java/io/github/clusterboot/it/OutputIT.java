package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.clusterboot.it.app.TestApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the processes of a cluster write.
 */
class OutputIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Also fault A11: the access log.
	 */
	@Test
	void outputWhenWorkersPrintHasOneBannerAndWholeLinesThatTellTheirWorker() throws IOException {
		Path directory = emptyDirectory("files");
		ClusterApplication application = this.cluster.application()
			.mainClass(TestApplication.class)
			.workers(2)
			.mayWrite(directory)
			.args("--logging.file.name=" + directory.resolve("app.log"), "--server.tomcat.accesslog.enabled=true",
					"--server.tomcat.accesslog.directory=" + directory, "--server.tomcat.accesslog.file-date-format=")
			.start();
		ClusterReport report = application.awaitReady(2);
		assertLinesTellTheirWorker(application, report);
		assertLongLinesAreWhole(application);
		assertThat(directory).isDirectoryContaining("glob:**/app.log")
			.isDirectoryContaining("glob:**/app-0.log")
			.isDirectoryContaining("glob:**/app-1.log")
			.isDirectoryContaining("glob:**/access_log-0.log")
			.isDirectoryContaining("glob:**/access_log-1.log")
			.isDirectoryNotContaining("glob:**/access_log.log");
		assertIsLogOf(application.pid(), directory.resolve("app.log"));
		for (ClusterReport.WorkerReport worker : report.workers()) {
			assertIsLogOf(worker.pid(), directory.resolve("app-" + worker.index() + ".log"));
		}
	}

	private static void assertLinesTellTheirWorker(ClusterApplication application, ClusterReport report) {
		List<String> output = application.output().lines().toList();
		assertThat(output).filteredOn((line) -> line.contains(":: Spring Boot ::")).hasSize(1);
		assertThat(output).filteredOn((line) -> line.contains(" " + application.pid() + " --- "))
			.isNotEmpty()
			.noneMatch((line) -> line.contains("[worker"));
		for (ClusterReport.WorkerReport worker : report.workers()) {
			assertThat(output).filteredOn((line) -> line.contains(" " + worker.pid() + " --- "))
				.isNotEmpty()
				.allMatch((line) -> line.contains(" [worker " + worker.id() + "] "));
		}
	}

	private static void assertLongLinesAreWhole(ClusterApplication application) {
		int lines = 200;
		int length = 20_000;
		String target = "/print?lines=%d&length=%d".formatted(lines, length);
		List<CompletableFuture<HttpAnswer>> answers = IntStream.of(1, 2)
			.mapToObj((i) -> HttpProbe.later(() -> application.probe().post(target)))
			.toList();
		assertThat(answers).extracting((answer) -> answer.join().text()).containsExactlyInAnyOrder("1", "2");
		Awaitility.await("all that was printed").untilAsserted(() -> {
			List<String> printed = application.output()
				.lines()
				.filter((line) -> line.contains("BBB") || line.contains("CCC"))
				.toList();
			assertThat(printed.stream().filter("B".repeat(length)::equals)).hasSize(lines);
			assertThat(printed.stream().filter("C".repeat(length)::equals)).hasSize(lines);
			assertThat(printed).hasSize(2 * lines);
		});
	}

	private static void assertIsLogOf(long pid, Path file) {
		assertThat(file).content()
			.matches(Pattern.compile("(?s).* " + pid + " --- .*"))
			.doesNotMatch(Pattern.compile("(?s).* (?!" + pid + " )\\d+ --- .*"));
	}

	@Test
	void logFileWhenNameTellsWorkersApartIsLeftAlone() throws IOException {
		Path directory = emptyDirectory("named");
		ClusterApplication application = this.cluster.application()
			.workers(1)
			.mayWrite(directory)
			.args("--logging.file.name=" + directory.resolve("app.${cluster.worker.index}.log"))
			.start();
		ClusterReport report = application.awaitReady(1);
		assertIsLogOf(application.pid(), directory.resolve("app.master.log"));
		assertIsLogOf(report.worker(1).pid(), directory.resolve("app.0.log"));
		// the JVM's own, about native access, that JDK 24 and later write
		assertThat(application.output()).doesNotContainPattern("(?m)^WARNING:");
	}

	@Test
	void outputWhenHeapsAreMoreThanMemoryTogetherHasOneWarning() {
		ClusterApplication application = this.cluster.application()
			.jvmOptions("-Xmx" + ItSettings.memory().toMegabytes() * 60 / 100 + "m")
			.workers(2)
			.start();
		application.awaitOutput("starts 2 workers");
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
		assertThat(application.output()).containsOnlyOnce(" WARN ")
			.contains("2 workers with a maximum heap of",
					"the JVM sees " + ItSettings.memory().toMegabytes() + " MB of memory");
	}

	private static Path emptyDirectory(String name) throws IOException {
		Path directory = ItSettings.directory().resolve("OutputIT").resolve(name);
		FileSystemUtils.deleteRecursively(directory);
		return Files.createDirectories(directory);
	}

}
