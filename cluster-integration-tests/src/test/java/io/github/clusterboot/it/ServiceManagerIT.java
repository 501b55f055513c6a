package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The master is started as a service manager does it.
 */
class ServiceManagerIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@Test
	void startWhenServiceManagerIsToBeNotifiedKeepsThatFromWorkersAndDoesNotNeedTheManager() throws IOException {
		ClusterApplication application = this.cluster.application()
			.workers(1)
			.environment("NOTIFY_SOCKET", "/nonexistent/notify")
			.environment("LISTEN_PID", "1")
			.environment("LISTEN_FDS", "1")
			.environment("LISTEN_FDNAMES", "server")
			.environment("WATCHDOG_PID", "1")
			.environment("WATCHDOG_USEC", "1000000")
			.start();
		application.awaitReady(1);
		application.awaitOutput("The service manager cannot be notified");
		assertThat(variables(application.pid())).contains("NOTIFY_SOCKET");
		assertThat(variables(application.workerPids().get(0))).contains("PATH")
			.doesNotContain("NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID",
					"WATCHDOG_USEC");
	}

	private static List<String> variables(long pid) throws IOException {
		return Files.readString(Path.of("/proc/" + pid + "/environ"))
			.lines()
			.flatMap((line) -> List.of(line.split("\0")).stream())
			.map((variable) -> variable.replaceFirst("=.*", ""))
			.toList();
	}

}
