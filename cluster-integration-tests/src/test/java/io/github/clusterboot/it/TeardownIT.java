package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Teardown}, on which all others rely.
 */
class TeardownIT {

	@Test
	void runWhenProcessAndFileAreLeftNamesAndRemovesThem() throws IOException {
		Path log = ItSettings.directory().resolve("TeardownIT").resolve("left.log");
		Files.createDirectories(log.getParent());
		ClusterApplication application = new ClusterApplicationBuilder(log, (started) -> {
		}).mainClass(LeavesThings.class).start();
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isZero();
		List<String> problems = new Teardown(application).run();
		assertThat(problems).satisfiesExactly((problem) -> assertThat(problem).contains("sleep 60"),
				(problem) -> assertThat(problem).endsWith("left"));
		assertThat(application.processes()).isEmpty();
		assertThat(application.temporary()).doesNotExist();
	}

}
