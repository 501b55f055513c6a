package io.github.clusterboot.bootstrap;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a user sees of a value that cannot be used, in a JVM of its own.
 */
class FailureReportTests {

	@TempDir
	private File directory;

	@Test
	void mainWhenValueIsUnusableReportsItOnceAndExits() throws Exception {
		Path output = this.directory.toPath().resolve("output");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), StandaloneApplication.class.getName(), "--cluster.workers=abc")
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		assertThat(process.exitValue()).isOne();
		assertThat(Files.readString(output)).containsOnlyOnce("APPLICATION FAILED TO START")
			.contains("Property: cluster.workers", "Value: \"abc\"",
					"Origin: \"cluster.workers\" from property source \"commandLineArgs\"",
					"Set 'cluster.workers' to 'auto' (one worker for each available processor) or a whole number from 0 to 512.")
			.doesNotContain("\tat ", "Exception");
	}

}
