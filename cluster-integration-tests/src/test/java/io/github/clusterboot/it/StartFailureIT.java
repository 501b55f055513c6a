package io.github.clusterboot.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the user has set cannot be used: one report, exit code 1, nothing left.
 */
class StartFailureIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Conformance P3.
	 */
	@Test
	void startWhenPortIsInUseReportsItOnce() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			ClusterApplication application = this.cluster.application().workers(2).port(other.getLocalPort()).start();
			assertFailsOnce(application);
			assertThat(application.output()).containsOnlyOnce("Port " + other.getLocalPort() + " was already in use")
				.doesNotContain("BindException", "Application run failed");
			assertThat(application.temporary()).isEmptyDirectory();
		}
	}

	/**
	 * Conformance P3.
	 */
	@Test
	void startWhenPortIsPrivilegedReportsKeyValueAndWhatIsAllowed() throws Exception {
		int firstUnprivileged = firstUnprivilegedPort();
		Assumptions.assumeTrue(firstUnprivileged > 1, "Every port may be used by everybody here");
		int port = firstUnprivileged - 1;
		ClusterApplication application = this.cluster.application().workers(1).port(port).start();
		assertFailsOnce(application);
		assertThat(application.output()).contains("'server.port'", String.valueOf(port), "1024 and above");
	}

	/**
	 * Read by one call, since the kernel gives nothing to a second one. That is why
	 * {@link Files#readString} would not do.
	 */
	private static int firstUnprivilegedPort() throws IOException {
		try (BufferedReader reader = Files
			.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"))) {
			return Integer.parseInt(reader.readLine());
		}
	}

	@ParameterizedTest
	@CsvSource({ "cluster.workers, abc, a whole number from 0",
			"cluster.worker.drain-timeout, soon, a duration longer than 0" })
	void startWhenValueCannotBeUsedReportsKeyValueAndWhatIsAllowed(String key, String value, String allowed) {
		ClusterApplication application = this.cluster.application().args("--" + key + "=" + value).start();
		assertFailsOnce(application);
		assertThat(application.output()).containsOnlyOnce("Property: " + key)
			.containsOnlyOnce("Value: \"" + value + '"')
			.contains(allowed);
	}

	private static void assertFailsOnce(ClusterApplication application) {
		assertThat(application.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
		assertThat(application.output()).containsOnlyOnce("APPLICATION FAILED TO START").doesNotContain("\tat ");
		application.awaitNoProcess(Duration.ofSeconds(1));
	}

}
