package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.master.WorkerLaunch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JvmWorkerCommand}.
 */
class JvmWorkerCommandTests {

	private static final WorkerOptions NONE = new WorkerOptions(2, List.of(), Map.of(), "off", Map.of());

	@TempDir
	Path directory;

	@Test
	void buildPutsTheCommandTogetherInOrder() throws Exception {
		TestJvm jvm = new TestJvm().launched("com.example.Main a b", "classes")
			.options("-Dinherited=1", "-Xlog:gc:gc.log")
			.memory(DataSize.ofGigabytes(1), DataSize.ofMegabytes(512));
		WorkerOptions options = new WorkerOptions(2, List.of("-Dappended=1"), Map.of(), "off",
				Map.of("logging.file.name", "app-0.log"));
		assertThat(command(jvm, options, "a b")).containsExactly(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dinherited=1",
				"-Xlog:gc:gc-0.log", "-Xmx256m", "-Dappended=1", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
				"-Dlogging.file.name=app-0.log", "-Dcluster.worker.id=7", "-Dcluster.worker.index=0",
				"-Dcluster.worker.generation=2", "-Dcluster.worker.run-directory=" + this.directory, "-cp", "classes",
				"com.example.Main", "a b");
	}

	@Test
	void buildWhenTheJdkWarnsOfNativeAccessEnablesIt() throws Exception {
		String option = "--enable-native-access=ALL-UNNAMED";
		assertThat(command(new TestJvm(), NONE)).doesNotContain(option);
		assertThat(command(new TestJvm().property("java.specification.version", "25"), NONE)).contains(option);
	}

	@Test
	void buildWhenNamesBeginWithAtEscapesThemForTheLauncher() throws Exception {
		assertThat(command(new TestJvm().launched("Main @a", "@classes"), NONE, "@a")).endsWith("-cp", "@@classes",
				"Main", "@a");
		assertThat(command(new TestJvm().launched("@app.jar", "@app.jar"), NONE)).endsWith("-jar", "@@app.jar");
	}

	@Test
	void buildWhenTheClassPathIsTooLongForTheKernelWritesAFile() throws Exception {
		String classPath = "classes:" + "x".repeat(128 * 1024);
		List<String> command = command(new TestJvm().launched("Main a", classPath).options("-Da=b c"), NONE, "a");
		Path file = this.directory.resolve("worker-0.args");
		assertThat(command).startsWith(command.get(0), "@" + file, "-Dcluster.worker.id=7").endsWith("Main", "a");
		assertThat(Files.readAllLines(file)).containsExactly("\"-Da=b c\"", "-XX:InitialRAMPercentage=0.3906",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-cp", classPath);
	}

	@Test
	void buildWhenTheArgumentsAreTooLongForTheKernelWritesAFile() throws Exception {
		String argument = "x".repeat(128 * 1024);
		List<String> command = command(new TestJvm().launched("Main " + argument, "classes"), NONE, argument);
		Path file = this.directory.resolve("worker-0.args");
		assertThat(command).containsExactly(command.get(0), "@" + file);
		assertThat(Files.readAllLines(file)).contains("-Dcluster.worker.id=7").endsWith("Main", argument);
	}

	/**
	 * Conformance row M3.
	 */
	@Test
	void buildAddsTheWorkersEnvironmentAndKeepsTheWorkingDirectory() throws Exception {
		ProcessBuilder builder = build(new TestJvm(),
				new WorkerOptions(1, List.of(), Map.of("COLOUR", "red"), "off", Map.of()));
		Map<String, String> inherited = new HashMap<>(System.getenv());
		JvmWorkerCommand.FOR_MASTER_ALONE.forEach(inherited::remove);
		assertThat(builder.environment()).containsEntry("COLOUR", "red").containsAllEntriesOf(inherited);
		assertThat(builder.directory()).isNull();
	}

	/**
	 * Conformance row M4.
	 */
	@Test
	void buildWhenAVariableHasWhatCannotBeSharedRewritesIt() throws Exception {
		String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005";
		TestJvm jvm = new TestJvm().environment("JAVA_TOOL_OPTIONS", "'-Da=b c' " + debugger)
			.environment("JDK_JAVA_OPTIONS", "-XX:ArchiveClassesAtExit=a.jsa")
			.environment("_JAVA_OPTIONS", "-Dkept=1")
			.options("-Da=b c", debugger, "-XX:ArchiveClassesAtExit=a.jsa", "-Dx=1", "-Dkept=1");
		ProcessBuilder builder = build(jvm, NONE);
		assertThat(builder.command()).contains("-Dx=1").doesNotContain("-Da=b c", debugger, "-Dkept=1");
		assertThat(builder.environment())
			.containsEntry("JAVA_TOOL_OPTIONS",
					"\"-Da=b c\" -agentlib:jdwp=transport=dt_socket,server=y,address=5006,suspend=n")
			.doesNotContainKeys("JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
	}

	@Test
	void warningsWhenHeapAndArchiveNeedThemHasBoth() throws Exception {
		JvmWorkerCommand command = JvmWorkerCommand.of(new TestJvm().options("-XX:AOTCacheOutput=app.aot").get(),
				new String[0], new WorkerOptions(8, List.of("-Xmx4g"), Map.of(), "off", Map.of()));
		assertThat(command.warnings()).hasSize(2)
			.anySatisfy((warning) -> assertThat(warning).contains("8 workers", "32768 MB"))
			.anySatisfy((warning) -> assertThat(warning).contains("-XX:AOTCacheOutput=app.aot"));
		assertThat(JvmWorkerCommand.of(new TestJvm().get(), new String[0], NONE).warnings()).isEmpty();
	}

	private List<String> command(TestJvm jvm, WorkerOptions options, String... arguments)
			throws RelaunchException, IOException {
		return build(jvm, options, arguments).command();
	}

	private ProcessBuilder build(TestJvm jvm, WorkerOptions options, String... arguments)
			throws RelaunchException, IOException {
		return JvmWorkerCommand.of(jvm.get(), arguments, options).build(new WorkerLaunch(7, 0, 2, this.directory));
	}

}
