package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Teardown}, on which all others rely.
 */
@Tag("one-jdk")
class TeardownIT {

	@Test
	void runWhenProcessAndFileAreLeftNamesAndRemovesThem() throws IOException {
		ClusterApplication application = awaitEnd(application("left.log").start());
		List<String> problems = new Teardown(application).run();
		assertThat(problems).satisfiesExactly((problem) -> assertThat(problem).contains("sleep 60"),
				(problem) -> assertThat(problem).endsWith("left"));
		assertThat(application.processes()).isEmpty();
		assertThat(application.temporary()).doesNotExist();
	}

	@Test
	void runWhenFileMayBeLeftNamesTheProcessOnly() throws IOException {
		ClusterApplication application = awaitEnd(application("may-be-left.log").mayLeave("l.*t").start());
		List<String> problems = new Teardown(application).run();
		assertThat(problems).singleElement().satisfies((problem) -> assertThat(problem).contains("sleep 60"));
		assertThat(application.temporary()).doesNotExist();
	}

	private static ClusterApplicationBuilder application(String name) throws IOException {
		Path log = ItSettings.directory().resolve("TeardownIT").resolve(name);
		Files.createDirectories(log.getParent());
		return new ClusterApplicationBuilder(log, (started) -> {
		}).mainClass(LeavesThings.class);
	}

	private static ClusterApplication awaitEnd(ClusterApplication application) {
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isZero();
		return application;
	}

}
