package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.github.clusterboot.it.app.FileWritingApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files by which others find the application.
 */
class ProcessFilesIT {

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	private final Path directory = ItSettings.directory().resolve("ProcessFilesIT/files");

	/**
	 * Fault A3.
	 */
	@Test
	void restartWhenFilesTellProcessIdAndPortKeepsThemTheMasters() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectories(this.directory);
		RunAs.ORDINARY.own(this.directory);
		ClusterApplication application = this.cluster.application()
			.mainClass(FileWritingApplication.class)
			.directory(this.directory)
			.workers(1)
			.args("--spring.pid.file=app.pid", "--management.endpoints.web.exposure.include=*")
			.start();
		ClusterReport before = application.awaitReady(1);
		assertAreMasters(application);
		assertThat(file("app-0.pid")).hasContent(String.valueOf(before.workers().get(0).pid()));
		assertThat(file("app-0.port")).hasContent(String.valueOf(application.port()));
		application.signal("HUP");
		application.awaitGeneration(before.generation() + 1, 1);
		assertThat(file("app-0.pid")).doesNotExist();
		assertAreMasters(application);
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
		assertThat(this.directory).isEmptyDirectory();
	}

	private void assertAreMasters(ClusterApplication application) {
		assertThat(file("app.pid")).hasContent(String.valueOf(application.pid()));
		Awaitility.await("the master's port file")
			.untilAsserted(() -> assertThat(file("app.port")).hasContent(String.valueOf(application.port())));
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

}
