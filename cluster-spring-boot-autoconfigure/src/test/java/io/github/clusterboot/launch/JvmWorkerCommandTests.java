package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.jvm.RelaunchException;
import io.github.clusterboot.jvm.TestJvm;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.os.ServiceVariables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link JvmWorkerCommand}.
 */
class JvmWorkerCommandTests {

	private static final WorkerOptions NONE = new WorkerOptions(2, List.of(), Map.of(), "off", Map.of(),
			IdentityPlaceholders.NONE);

	private static final WorkerIdentity WORKER = new WorkerIdentity(7, 0, 4711, 2);

	private static final Function<Path, WorkerLaunch> LAUNCH = (directory) -> new WorkerLaunch(7, 0, 2, directory);

	@TempDir
	Path directory;

	@Test
	void buildPutsTheCommandTogetherInOrder() throws Exception {
		TestJvm jvm = new TestJvm().launched("com.example.Main a b", "classes")
			.options("-Dinherited=1", "-Xlog:gc:gc.log")
			.commandLine("java", "-Dinherited=1", "-Xlog:gc:gc.log", "-Dcluster.worker.jvm-args=-Dappended=1", "-cp",
					"classes", "com.example.Main", "a b")
			.memory(DataSize.ofGigabytes(1), DataSize.ofMegabytes(512));
		WorkerOptions options = new WorkerOptions(2, List.of("-Dappended=1"), Map.of(), "off",
				Map.of("logging.file.name", "app-0.log"), IdentityPlaceholders.NONE);
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
		assertThat(command).containsExactly(command.get(0), "-Dcluster.worker.id=7", "-Dcluster.worker.index=0",
				"-Dcluster.worker.generation=2", "-Dcluster.worker.run-directory=" + this.directory, "@" + file());
		assertThat(Files.readAllLines(file())).containsExactly("\"-Da=b c\"", "-XX:InitialRAMPercentage=0.3906",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-cp", classPath, "Main", "a");
	}

	@Test
	void buildWhenTheArgumentsAreTooLongForTheKernelWritesAFile() throws Exception {
		String argument = "x".repeat(128 * 1024);
		List<String> command = command(new TestJvm().launched("Main " + argument, "classes"), NONE, argument);
		assertThat(command).endsWith("@" + file());
		assertThat(Files.readAllLines(file())).endsWith("Main", argument);
	}

	/**
	 * Fault C4.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "java @all.args", "java -Dsecret=1 -cp classes Main @other",
			"java -Dpublic=1 -cp classes Main hidden", "java -Dsecret=1 @class-path Main hidden",
			"java -Dsecret=1 -cp classes @program" })
	void buildWhenSomethingCameByAFileWritesAFileThatOthersCannotRead(String commandLine) throws Exception {
		TestJvm jvm = new TestJvm().launched("Main hidden", "classes")
			.options("-Dsecret=1")
			.commandLine(commandLine.split(" "));
		List<String> command = command(jvm, NONE, "hidden");
		assertThat(command).endsWith("@" + file())
			.noneMatch((word) -> word.matches(".*(secret|classes|Main|hidden).*"));
		assertThat(Files.readAllLines(file())).contains("-Dsecret=1").endsWith("-cp", "classes", "Main", "hidden");
		assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
	}

	/**
	 * The launcher takes {@code @file} on the command line alone.
	 */
	@Test
	void buildWhenJvmArgsNameAnArgumentFileWritesWhatIsInIt() throws Exception {
		Path arguments = Files.writeString(this.directory.resolve("jvm.args"), "-Da=1 '-Db=2 3'");
		WorkerOptions options = new WorkerOptions(1, List.of("@" + arguments, "-Dc=4"), Map.of(), "off", Map.of(),
				IdentityPlaceholders.NONE);
		command(new TestJvm().launched("Main", "classes").commandLine("java", "-cp", "classes", "Main"), options);
		assertThat(Files.readAllLines(file())).contains("-Da=1", "\"-Db=2 3\"", "-Dc=4")
			.noneMatch((line) -> line.contains("@"));
	}

	/**
	 * Fault F5.
	 */
	@Test
	void buildWhenTheReleaseIsSwitchedReadsTheArgumentFileOfTheNewOne() throws Exception {
		Path current = Files.createSymbolicLink(this.directory.resolve("current"), Path.of("").toAbsolutePath());
		WorkerLauncher launcher = WorkerLauncher.of(new TestJvm().environment("PWD", current.toString()).get(),
				new String[0],
				new WorkerOptions(1, List.of("@conf/jvm.args"), Map.of(), "off", Map.of(), IdentityPlaceholders.NONE));
		Path release = Files.createDirectories(this.directory.resolve("release-2/conf"));
		Path arguments = Files.writeString(release.resolve("jvm.args"), "-Drelease=2");
		Files.delete(current);
		Files.createSymbolicLink(current, release.getParent());
		launcher.command().build(LAUNCH.apply(this.directory));
		assertThat(Files.readAllLines(file())).contains("-Drelease=2");
		Files.delete(arguments);
		assertThatIOException().isThrownBy(() -> launcher.command().build(LAUNCH.apply(this.directory)))
			.withMessageContaining("cannot read the argument file conf/jvm.args: ")
			.withMessageContaining(current.toString());
	}

	/**
	 * Fault C4.
	 */
	@Test
	void buildWhenJvmArgsComeFromAConfigurationFileWritesAFile() throws Exception {
		WorkerOptions options = new WorkerOptions(1, List.of("-Dsecret=1"), Map.of(), "off", Map.of(),
				IdentityPlaceholders.NONE);
		assertThat(command(new TestJvm(), options)).noneMatch((word) -> word.contains("secret"));
		assertThat(Files.readAllLines(file())).contains("-Dsecret=1");
	}

	@Test
	void buildWhenAnOptionTakesTheNextWordAndAllCanBeSeenWritesNoFile() throws Exception {
		TestJvm jvm = new TestJvm().launched("Main", "classes")
			.options("--add-opens=java.base/java.lang=ALL-UNNAMED")
			.commandLine("java", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", "classes", "Main");
		assertThat(command(jvm, NONE)).endsWith("-cp", "classes", "Main");
		assertThat(file()).doesNotExist();
	}

	/**
	 * Fault C4.
	 */
	@ParameterizedTest
	@EnumSource
	void fileIsDeletedWhenTheWorkerHasReadItOrHasEnded(Outcome outcome) throws Exception {
		WorkerLauncher launcher = WorkerLauncher.of(new TestJvm().commandLine("java", "@all.args").get(), new String[0],
				NONE);
		launcher.command().build(LAUNCH.apply(this.directory));
		assertThat(file()).exists();
		switch (outcome) {
			case READY -> launcher.observers().forEach((observer) -> observer.ready(WORKER));
			case ENDED ->
				launcher.observers().forEach((observer) -> observer.exited(WORKER, ExitReason.START_FAILED, 1));
			case NOT_STARTED -> launcher.observers().forEach((observer) -> observer.startFailed(7));
		}
		assertThat(file()).doesNotExist();
	}

	/**
	 * Fault A10.
	 */
	@Test
	void buildWhenPlaceholdersAreOfTheIdentityResolvesThemForEachWorker() throws Exception {
		MockEnvironment environment = new MockEnvironment()
			.withProperty("cluster.worker.jvm-args[0]", "-javaagent:agent.jar=2199${cluster.worker.index}")
			.withProperty("cluster.worker.environment.NAME", "w${cluster.worker.id}-${cluster.worker.generation}")
			.withProperty("cluster.worker.environment.JAVA_TOOL_OPTIONS",
					"-Xlog:gc:gc.log -Dindex=${cluster.worker.index}");
		IdentityPlaceholders placeholders = IdentityPlaceholders.of(environment);
		List<String> jvmArgs = placeholders.binder()
			.bind("cluster.worker.jvm-args", Bindable.listOf(String.class))
			.get();
		Map<String, String> variables = placeholders.binder()
			.bind("cluster.worker.environment", Bindable.mapOf(String.class, String.class))
			.get();
		ProcessBuilder builder = build(
				new TestJvm().commandLine("java", "-javaagent:agent.jar=21990", "classes", "com.example.Main"),
				new WorkerOptions(1, jvmArgs, variables, "off", Map.of(), placeholders));
		assertThat(Files.readAllLines(file())).contains("-javaagent:agent.jar=21990");
		assertThat(builder.environment()).containsEntry("NAME", "w7-2")
			.containsEntry("JAVA_TOOL_OPTIONS", "-Xlog:gc:gc-0.log -Dindex=0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y",
			"-agentpath:/jdk/lib/libjdwp.so=transport=dt_socket,server=y" })
	void hintsWhenTheAgentIsTheDebuggersAreNone(String option) throws Exception {
		assertThat(WorkerLauncher.of(new TestJvm().options(option).get(), new String[0], NONE).command().hints())
			.isEmpty();
	}

	/**
	 * Fault A10.
	 */
	@Test
	void hintsWhenTheCommandLineHasAnAgentSayHowItIsGivenAPortPerWorker() throws Exception {
		assertThat(WorkerLauncher.of(new TestJvm().options("-javaagent:agent.jar=2199").get(), new String[0], NONE)
			.command()
			.hints()).singleElement()
			.asString()
			.contains("-javaagent:agent.jar)", "cluster.worker.jvm-args", "${cluster.worker.index}")
			.doesNotContain("2199");
	}

	/**
	 * Fault F4.
	 */
	@Test
	void buildWhenTheJdkIsGoneSaysSo() throws Exception {
		Path java = Files.createDirectories(this.directory.resolve("jdk/bin")).resolve("java");
		Files.createFile(java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		WorkerLauncher launcher = WorkerLauncher.of(
				new TestJvm().property("java.home", this.directory.resolve("jdk").toString()).get(), new String[0],
				NONE);
		Files.delete(java);
		assertThatIOException().isThrownBy(() -> launcher.command().build(LAUNCH.apply(this.directory)))
			.withMessage("The JDK in %s was replaced or removed. Restart the master.", this.directory.resolve("jdk"));
	}

	/**
	 * Fault F4.
	 */
	@Test
	void hintsWhenTheJdkWasReplacedSayIt() throws Exception {
		Path jdk = this.directory.resolve("jdk");
		Files.createFile(Files.createDirectories(jdk.resolve("bin")).resolve("java"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		Path modules = Files.writeString(Files.createDirectories(jdk.resolve("lib")).resolve("modules"), "17.0.15");
		WorkerLauncher launcher = WorkerLauncher.of(new TestJvm().property("java.home", jdk.toString()).get(),
				new String[0], NONE);
		assertThat(launcher.command().hints()).isEmpty();
		Files.writeString(modules, "17.0.16+8");
		launcher.command().build(LAUNCH.apply(this.directory));
		assertThat(launcher.command().hints()).singleElement()
			.asString()
			.contains("was replaced", "Restart the master");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void buildWhenTheJarWasOverwrittenWarnsOnce(CapturedOutput output) throws Exception {
		String jar = Files.writeString(this.directory.resolve("app.jar"), "one").toString();
		WorkerLauncher launcher = WorkerLauncher.of(new TestJvm().launched(jar, jar).get(), new String[0], NONE);
		launcher.command().build(LAUNCH.apply(this.directory));
		for (String content : List.of("another", "a third one")) {
			Files.writeString(Path.of(jar), content);
			launcher.command().build(LAUNCH.apply(this.directory));
		}
		MasterLog.flush();
		assertThat(output).containsOnlyOnce("was overwritten").contains(jar + " was overwritten");
	}

	/**
	 * Conformance row M3.
	 */
	@Test
	void buildAddsTheWorkersEnvironmentAndKeepsTheWorkingDirectory() throws Exception {
		ProcessBuilder builder = build(new TestJvm(),
				new WorkerOptions(1, List.of(), Map.of("COLOUR", "red"), "off", Map.of(), IdentityPlaceholders.NONE));
		Map<String, String> inherited = new HashMap<>(System.getenv());
		ServiceVariables.removeFrom(inherited);
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

	/**
	 * The launcher and the JVM print the variables.
	 */
	@Test
	void buildWhenAVariableNamesAFileKeepsWhatIsInItOutOfTheVariable() throws Exception {
		Path arguments = Files.writeString(this.directory.resolve("jdk.args"), "-Dsecret=\"a b\" -Xlog:gc:gc.log");
		Path options = Files.writeString(this.directory.resolve("vm.options"), "-Dsecret='c d' -Xlog:gc:gc.log");
		Path shared = Files.writeString(this.directory.resolve("shared.options"), "-Dsecret=e");
		Path dropped = Files.writeString(this.directory.resolve("dropped.args"), "-XX:ArchiveClassesAtExit=a.jsa");
		TestJvm jvm = new TestJvm().environment("JDK_JAVA_OPTIONS", "-Da=1 @%s @%s -Db=2".formatted(arguments, dropped))
			.environment("JAVA_TOOL_OPTIONS", "-XX:VMOptionsFile=" + options)
			.environment("_JAVA_OPTIONS", "-XX:VMOptionsFile=%s -Xlog:safepoint:sp.log".formatted(shared));
		WorkerLauncher launcher = WorkerLauncher.of(jvm.get(), new String[0], NONE);
		ProcessBuilder builder = launcher.command().build(LAUNCH.apply(this.directory));
		Path second = this.directory.resolve("worker-7-2.args");
		assertThat(builder.environment()).containsEntry("JAVA_TOOL_OPTIONS", "-XX:VMOptionsFile=" + file())
			.containsEntry("JDK_JAVA_OPTIONS", "-Da=1 @" + second + " -Db=2")
			.containsEntry("_JAVA_OPTIONS", "-XX:VMOptionsFile=" + shared + " -Xlog:safepoint:sp-0.log");
		assertThat(file()).hasContent("\"-Dsecret=c d\" -Xlog:gc:gc-0.log");
		assertThat(second).hasContent("\"-Dsecret=a b\"\n-Xlog:gc:gc-0.log");
		assertThat(List.of(file(), second)).allSatisfy((file) -> assertThat(Files.getPosixFilePermissions(file))
			.isEqualTo(PosixFilePermissions.fromString("rw-------")));
		launcher.observers().forEach((observer) -> observer.ready(WORKER));
		assertThat(List.of(file(), second)).noneMatch(Files::exists);
	}

	@Test
	void warningsWhenHeapAndArchiveNeedThemHasBoth() throws Exception {
		WorkerLauncher launcher = WorkerLauncher.of(new TestJvm().options("-XX:AOTCacheOutput=app.aot").get(),
				new String[0],
				new WorkerOptions(8, List.of("-Xmx4g"), Map.of(), "off", Map.of(), IdentityPlaceholders.NONE));
		assertThat(launcher.warnings()).hasSize(2)
			.anySatisfy((warning) -> assertThat(warning).contains("8 workers", "32768 MB"))
			.anySatisfy((warning) -> assertThat(warning).contains("-XX:AOTCacheOutput=app.aot"));
		assertThat(WorkerLauncher.of(new TestJvm().get(), new String[0], NONE).warnings()).isEmpty();
	}

	private List<String> command(TestJvm jvm, WorkerOptions options, String... arguments)
			throws RelaunchException, IOException {
		return build(jvm, options, arguments).command();
	}

	private ProcessBuilder build(TestJvm jvm, WorkerOptions options, String... arguments)
			throws RelaunchException, IOException {
		return WorkerLauncher.of(jvm.get(), arguments, options).command().build(LAUNCH.apply(this.directory));
	}

	private Path file() {
		return this.directory.resolve("worker-7.args");
	}

	enum Outcome {

		READY, ENDED, NOT_STARTED

	}

}
