package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.it.app.TestApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Without a cluster the application is one process and behaves as ever.
 */
class StandaloneIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void startWhenDisabledIsOneProcessWhoseAnswersAreWhole() throws IOException {
		ClusterApplication application = this.cluster.application().args("--cluster.enabled=false").start();
		assertAnswersAreWhole(application.probe());
		assertIsOneProcess(application);
	}

	private static void assertAnswersAreWhole(HttpProbe probe) throws IOException {
		byte[] body = "a=%20&b\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
		HttpAnswer echo = probe.post("/echo", "application/x-www-form-urlencoded", body);
		assertThat(echo.body()).isEqualTo(body);
		assertThat(echo.headers()).containsEntry("Content-Type", "application/x-www-form-urlencoded");
		try (HttpConnection connection = probe.connect()) {
			assertThat(connection.get("/actuator/health").text()).contains("UP");
			assertThat(connection.get("/worker")).matches(HttpAnswer::isOk);
		}
	}

	@Test
	void startWhenThereAreToBeNoWorkersIsOneProcess() {
		assertIsOneProcess(this.cluster.application().workers(0).start());
	}

	private static void assertIsOneProcess(ClusterApplication application) {
		List<HttpAnswer> answers = application.probe().get("/worker", 20, 4);
		assertThat(answers).allMatch(HttpAnswer::isOk)
			.allMatch((answer) -> answer.workerId() == 0)
			.allMatch((answer) -> answer.text().contains("\"pid\":" + application.pid()));
		assertThat(application.processes()).hasSize(1);
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	@Test
	void processAheadOfTimeStartsNoProcess() throws IOException {
		Path target = ItSettings.directory().resolve("StandaloneIT").resolve("aot");
		FileSystemUtils.deleteRecursively(target);
		ClusterApplication processor = this.cluster.application()
			.mainClass("org.springframework.boot.SpringApplicationAotProcessor")
			.args(TestApplication.class.getName(), target.resolve("sources").toString(),
					target.resolve("resources").toString(), target.resolve("classes").toString(), "group", "artifact",
					"--cluster.workers=2")
			.start();
		Awaitility.await("the end").atMost(Duration.ofSeconds(60)).until(() -> {
			assertThat(processor.processes()).hasSizeLessThanOrEqualTo(1);
			return !processor.isAlive();
		});
		assertThat(processor.awaitExit(Duration.ZERO)).isZero();
		assertThat(processor.output()).containsOnlyOnce("The main method begins").doesNotContain("Cluster master");
		assertThat(target.resolve("sources")
			.resolve(TestApplication.class.getName().replace('.', '/') + "__ApplicationContextInitializer.java"))
			.exists();
	}

	/**
	 * Fault F9. A user namespace lets any user mount a file system, where the kernel
	 * allows it.
	 */
	@Test
	void startWhenTemporaryDirectoryIsMountedNoexecServesAsACluster() throws IOException, InterruptedException {
		List<String> unshare = RunAs.ORDINARY.command(List.of("unshare", "-Umr", "true"));
		Assumptions.assumeTrue(new ProcessBuilder(unshare).start().waitFor() == 0, "no user namespace is to be had");
		Path temporary = Files.createTempDirectory("cit");
		ClusterApplication application = this.cluster.application()
			.through("unshare", "-Umr", "sh", "-c", "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"",
					temporary.toString())
			.temporary(temporary)
			.workers(2)
			.start();
		assertThat(application.probe().get("/worker").text()).doesNotContain("\"pid\":" + application.pid());
		assertThat(application.output().lines().filter((line) -> line.contains(" WARN "))).isEmpty();
	}

	@Test
	void crashEndsTheProcessWithItsCode() {
		ClusterApplication application = this.cluster.application().args("--cluster.enabled=false").start();
		HttpProbe probe = application.probe();
		assertThat(probe.post("/crash?code=42").outcome()).isIn(HttpAnswer.Outcome.SHORT, HttpAnswer.Outcome.RESET);
		assertThat(application.awaitExit(Duration.ofSeconds(10))).isEqualTo(42);
		assertThat(probe.get("/worker").outcome()).isEqualTo(HttpAnswer.Outcome.REFUSED);
	}

	@Test
	void hangLetsRequestsWait() {
		ClusterApplication application = this.cluster.application().args("--cluster.enabled=false").start();
		assertThat(application.probe().post("/hang")).matches(HttpAnswer::isOk);
		HttpAnswer answer = application.probe().within(Duration.ofMillis(500)).get("/worker");
		assertThat(answer.outcome()).isEqualTo(HttpAnswer.Outcome.TIMED_OUT);
		assertThat(ProcStatus.of(application.pid())).satisfies((status) -> {
			assertThat(status.descriptors()).isPositive();
			assertThat(status.threads()).isGreaterThan(10);
			assertThat(status.resident().toMegabytes()).isPositive();
		});
		// A graceful stop would wait for the request.
		application.signal("KILL");
	}

}
