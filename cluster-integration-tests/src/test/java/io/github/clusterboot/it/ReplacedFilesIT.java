package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The JDK and the application are replaced on disk while the cluster runs.
 */
class ReplacedFilesIT {

	private static final String SECRET = "it-secret-word";

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	private final Path directory = ItSettings.directory().resolve("ReplacedFilesIT");

	/**
	 * Faults F4, F5 and C4.
	 */
	@Test
	void restartWhenJdkAndReleaseWereReplacedRunsTheNewReleaseAndShowsNoSecret() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
		Path first = release(1);
		Path second = release(2);
		JdkCopy jdk = JdkCopy.of(this.directory.resolve("jdk"));
		lead(first);
		ClusterApplication application = this.cluster.application()
			.java(jdk.java())
			.directory(current())
			.jar(Path.of("app.jar"))
			.jvmOptions("-Dit.password=" + SECRET)
			.args("--it.password=" + SECRET)
			.argumentFile()
			.workers(1)
			.start();
		ClusterReport before = application.awaitReady(1);
		assertRuns(application, first);
		assertShowsNoSecret(application);
		jdk.replaceHelper();
		lead(second);
		application.signal("HUP");
		ClusterReport after = application.awaitGeneration(before.generation() + 1, 1);
		assertRuns(application, second);
		FileSystemUtils.deleteRecursively(first);
		application.awaitReplacementOf(kill(after));
		assertRuns(application, second);
		ClusterReport last = application.awaitReady(1);
		jdk.remove();
		kill(last);
		application.awaitOutput("The JDK in " + jdk.home() + " was replaced or removed. Restart the master.");
	}

	private static ClusterReport.WorkerReport kill(ClusterReport report) {
		ClusterReport.WorkerReport worker = report.workers().get(0);
		Signals.send("KILL", worker.pid());
		return worker;
	}

	private Path current() {
		return this.directory.resolve("current");
	}

	private Path release(int number) throws IOException {
		Path release = Files.createDirectories(this.directory.resolve("releases/" + number));
		ExtractedApplication sample = ExtractedApplication.sample();
		Files.copy(sample.jar(), release.resolve("app.jar"));
		Files.createSymbolicLink(release.resolve("lib"), sample.jar().resolveSibling("lib"));
		Files.writeString(release.resolve("application.properties"),
				"management.info.env.enabled=true\ninfo.release=" + number + "\n");
		return release;
	}

	private void lead(Path release) throws IOException {
		Path next = Files.createSymbolicLink(this.directory.resolve("next"), release);
		Files.move(next, current(), StandardCopyOption.ATOMIC_MOVE);
	}

	private static void assertRuns(ClusterApplication application, Path release) throws IOException {
		assertThat(application.probe().get("/actuator/info").text())
			.isEqualTo("{\"release\":\"%s\"}".formatted(release.getFileName()));
		Path process = Path.of("/proc", String.valueOf(application.workerPids().get(0)));
		assertThat(Files.readSymbolicLink(process.resolve("cwd"))).isEqualTo(release);
		try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
			assertThat(descriptors.map(ReplacedFilesIT::target)).contains(release.resolve("app.jar").toString());
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			// it has been closed meanwhile
			return "";
		}
	}

	private static void assertShowsNoSecret(ClusterApplication application) throws IOException {
		List<String> words = ProcStatus.commandLine(application.workerPids().get(0));
		assertThat(words).contains("-Dcluster.worker.id=1").noneMatch((word) -> word.contains(SECRET));
		try (Stream<Path> files = Files.list(application.runDirectories().get(0))) {
			assertThat(files.map(Path::toString)).noneMatch((name) -> name.endsWith(".args"));
		}
	}

}
