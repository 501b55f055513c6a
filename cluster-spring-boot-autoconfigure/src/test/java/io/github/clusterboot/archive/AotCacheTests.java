package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AotCache}. Fault A4.
 */
class AotCacheTests {

	private static final List<String> ADDITIONAL = List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

	@TempDir
	private Path directory;

	private Path asked;

	@BeforeEach
	void name() {
		this.asked = this.directory.resolve("asked");
	}

	@Test
	void ofWhenTheJvmUsesItKeepsIt() throws IOException {
		AotCache cache = of(0, "-Dx=1", "-Xmx1g", "-XX:+UseSerialGC", "-XX:AOTCache=app.aot", ADDITIONAL.get(0));
		assertThat(cache.excludes("-XX:AOTCache=app.aot")).isFalse();
		assertThat(cache.warnings(ADDITIONAL)).isEmpty();
		assertThat(Files.readString(this.asked))
			.startsWith("-Xmx1g -XX:+UseSerialGC " + ADDITIONAL.get(0) + " -XX:AOTCache=app.aot -XX:AOTMode=on ")
			.endsWith(" -cp app.jar -version\n");
	}

	@Test
	void ofWhenTheJvmDoesNotUseItLeavesItAsideAndSaysHowToMakeIt() throws IOException {
		AotCache cache = of(1, "-XX:AOTCache=app.aot", "-XX:AOTMode=auto", "-Xmx1g");
		assertThat(List.of("-XX:AOTCache=app.aot", "-XX:AOTMode=auto")).allMatch(cache::excludes);
		assertThat(cache.excludes("-Xmx1g")).isFalse();
		assertThat(cache.warnings(ADDITIONAL)).singleElement()
			.asString()
			.contains("-XX:AOTCache=app.aot", "Mismatched values", ADDITIONAL.get(0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xmx1g", "-XX:AOTCache=app.aot -XX:AOTMode=off", "-XX:AOTCache=app.aot -javaagent:a.jar",
			"-XX:SharedArchiveFile=app.jsa" })
	void ofWhenThereIsNothingToAskAsksNothing(String options) throws IOException {
		assertThat(of(1, options.split(" ")).warnings(ADDITIONAL)).isEmpty();
		assertThat(this.asked).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "kill -9 $$", "exec sleep 60", "exec /no/such/java", "exit 126" })
	void ofWhenTheJvmCannotAnswerKeepsIt(String script) throws IOException {
		AotCache cache = AotCache.of(launch(script), List.of("-XX:AOTCache=app.aot"), Duration.ofMillis(500));
		assertThat(cache.excludes("-XX:AOTCache=app.aot")).isFalse();
		assertThat(cache.warnings(ADDITIONAL)).isEmpty();
	}

	@Test
	void ofWhenTheCommandLineIsTooLongForTheKernelKeepsIt() throws IOException {
		AotCache cache = of(1, "-XX:AOTCache=app.aot", "--add-opens=" + "x".repeat(128 * 1024));
		assertThat(cache.excludes("-XX:AOTCache=app.aot")).isFalse();
		assertThat(this.asked).doesNotExist();
	}

	private AotCache of(int exitCode, String... options) throws IOException {
		return AotCache.of(launch("echo \"$@\" >%s\necho Mismatched values\nexit %d".formatted(this.asked, exitCode)),
				List.of(options));
	}

	private LaunchCommand launch(String script) throws IOException {
		Path java = Files.writeString(this.directory.resolve("java"), "#!/bin/sh\n" + script + "\n");
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
		return new LaunchCommand(java, List.of(), List.of("-jar", "app.jar"), List.of(), WorkingDirectory.INHERITED);
	}

}
