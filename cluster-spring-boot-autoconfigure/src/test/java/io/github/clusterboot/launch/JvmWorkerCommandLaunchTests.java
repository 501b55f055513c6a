package io.github.clusterboot.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.clusterboot.jvm.ArgumentFile;
import io.github.clusterboot.jvm.RunningJvm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JvmWorkerCommand} that launch a JVM in some way, which starts itself
 * again, and look at what the second one was given.
 */
class JvmWorkerCommandLaunchTests {

	private static final String MAIN = RelaunchApplication.class.getName();

	private static final List<String> ARGUMENTS = List.of("--a=b c", "", "\"quoted\"", "it's", "@name", "back\\slash",
			"two  blanks", " ");

	private final Map<String, String> environment = new LinkedHashMap<>();

	private Path directory;

	@BeforeEach
	void createDirectory(TestInfo test) throws IOException {
		this.directory = Path.of("target", "relaunch", test.getTestMethod().orElseThrow().getName(), "with blank")
			.toAbsolutePath();
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectories(this.directory);
	}

	@Test
	void launchWhenMainClassHasARelativeClassPath() throws Exception {
		Report report = launch(concat(List.of("-cp", relativeClassPath(), MAIN), ARGUMENTS));
		assertThat(report.list("argument")).isEqualTo(ARGUMENTS);
		assertThat(report.value("class-path")).isEqualTo(relativeClassPath());
		assertThat(report.value("directory")).isEqualTo(this.directory.toString());
		assertThat(report.list("option")).containsOnlyOnce("-Dtest.worker=yes", "-Dcluster.worker.id=1");
	}

	@Test
	void launchWhenApplicationPassesOtherArgumentsOn() throws Exception {
		Report report = launch(concat(
				List.of("-D" + RelaunchApplication.CHANGE_ARGUMENTS + "=true", "-cp", classPath(), MAIN), ARGUMENTS));
		assertThat(report.list("argument")).isEqualTo(ARGUMENTS);
	}

	@Test
	void launchWhenJarHasBlanksInItsPath() throws Exception {
		Files.createDirectories(this.directory.resolve("my lib"));
		createJar(this.directory.resolve("my lib/the app.jar"));
		Report report = launch(concat(List.of("-jar", "my lib/the app.jar"), ARGUMENTS));
		assertThat(report.list("argument")).isEqualTo(ARGUMENTS);
		assertThat(report.value("class-path")).isEqualTo("my lib/the app.jar");
	}

	@Test
	void launchWhenClassPathIsInTheEnvironment() throws Exception {
		this.environment.put("CLASSPATH", classPath());
		Report report = launch(List.of(MAIN, "a"));
		assertThat(report.list("argument")).containsExactly("a");
	}

	/**
	 * Fault C4.
	 */
	@Test
	void launchWhenArgumentFileHasEverything() throws Exception {
		List<String> arguments = concat(List.of("-Dproperty=a b", "-cp", classPath(), MAIN), ARGUMENTS);
		ArgumentFile.write(this.directory.resolve("all.args"), arguments);
		Report report = launch(List.of("-D" + RelaunchApplication.CHANGE_ARGUMENTS + "=true", "@all.args"));
		assertThat(report.list("argument")).isEqualTo(ARGUMENTS);
		assertThat(report.list("option")).containsOnlyOnce("-Dproperty=a b");
		assertThat(report.list("command")).contains("-Dcluster.worker.id=1", "@" + argumentFile())
			.noneMatch((word) -> word.contains("-cp") || word.contains("a b"));
	}

	@Test
	void launchWhenClassPathIsTooLongForTheKernel() throws Exception {
		String classPath = classPath() + (File.pathSeparator + "/no such/library.jar").repeat(8000);
		ArgumentFile.write(this.directory.resolve("class-path.args"),
				List.of("-Dproperty=a \"b\" \\ # \n\t'c'", "-cp", classPath));
		Report report = launch(concat(List.of("@class-path.args", MAIN), ARGUMENTS));
		assertThat(report.value("class-path")).isEqualTo(classPath).hasSizeGreaterThan(128 * 1024);
		assertThat(report.list("argument")).isEqualTo(ARGUMENTS);
		assertThat(report.list("option")).containsOnlyOnce("-Dproperty=a \"b\" \\ # \n\t'c'");
		assertThat(report.list("command")).contains("-Dcluster.worker.id=1").doesNotContain("-cp");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(argumentFile()))).isEqualTo("rw-------");
	}

	/**
	 * Fault C4.
	 */
	@Test
	void launchWhenOptionsComeFromAFileShowsThemToNobody() throws Exception {
		Files.writeString(this.directory.resolve("vm.options"), "-Dpassword='a b'");
		Report report = launch(List.of("-XX:VMOptionsFile=vm.options", "-cp", classPath(), MAIN, "a"));
		assertThat(report.list("option")).containsOnlyOnce("-Dpassword=a b");
		assertThat(report.list("command")).noneMatch((word) -> word.contains("password"));
	}

	/**
	 * Fault F5.
	 */
	@Test
	void launchWhenTheDirectoryIsReachedByALinkStartsThere() throws Exception {
		Path link = Files.createSymbolicLink(this.directory.resolve("current"), this.directory);
		this.environment.put("PWD", link.toString());
		assertThat(launch(List.of("-cp", classPath(), MAIN)).value("working-directory")).isEqualTo(link.toString());
		this.environment.put("PWD", "/");
		assertThat(launch(List.of("-cp", classPath(), MAIN)).value("working-directory")).isEqualTo("none");
	}

	/**
	 * Conformance row M4.
	 */
	@Test
	void launchWhenOptionsComeFromTheEnvironmentAppliesThemOnce() throws Exception {
		this.environment.put("JAVA_TOOL_OPTIONS", "-Dtool='a b' -Xlog:gc:file=gc.log");
		this.environment.put("JDK_JAVA_OPTIONS", "--add-opens java.base/java.lang=ALL-UNNAMED -Djdk=1");
		this.environment.put("_JAVA_OPTIONS", "-Dlast=1");
		Report report = launch(List.of("-Dline=1", "-cp", classPath(), MAIN));
		assertThat(report.list("option"))
			.containsOnlyOnce("-Dtool=a b", "-Xlog:gc:file=gc-0.log", "--add-opens=java.base/java.lang=ALL-UNNAMED",
					"-Djdk=1", "-Dlast=1", "-Dline=1")
			.doesNotContain("-Xlog:gc:file=gc.log");
		assertThat(this.directory.resolve("gc.log")).exists();
		assertThat(this.directory.resolve("gc-0.log")).exists();
	}

	/**
	 * Fault C4. The launcher and the JVM print the variables.
	 */
	@Test
	void launchWhenVariablesNameFilesAppliesWhatIsInThemAndPrintsNoneOfIt() throws Exception {
		Files.writeString(this.directory.resolve("tool.options"), "-Dtool='hidden 1' -Xlog:gc:file=gc.log");
		Files.writeString(this.directory.resolve("jdk.args"), "-Djdk=\"hidden 2\" -Xlog:safepoint:file=safepoint.log");
		Files.writeString(this.directory.resolve("last.options"), "-Dlast='hidden 3' -Xlog:os:file=os.log");
		this.environment.put("JAVA_TOOL_OPTIONS", "-XX:VMOptionsFile=tool.options");
		this.environment.put("JDK_JAVA_OPTIONS", "-Dfirst=1 @jdk.args");
		this.environment.put("_JAVA_OPTIONS", "-XX:VMOptionsFile=last.options");
		Report report = launch(List.of("-Dline=1", "-cp", classPath(), MAIN));
		assertThat(report.list("option")).containsSubsequence("-Dtool=hidden 1", "-Xlog:gc:file=gc-0.log", "-Dfirst=1",
				"-Djdk=hidden 2", "-Xlog:safepoint:file=safepoint-0.log", "-Dline=1", "-Dlast=hidden 3",
				"-Xlog:os:file=os-0.log");
		assertThat(report.list("option")).doesNotHaveDuplicates();
		assertThat(this.directory.resolve("output.log")).content()
			.contains("worker-1", "-Dfirst=1")
			.doesNotContain("hidden");
	}

	@Test
	void launchWhenNoHeapIsChosenDividesTheMemory() throws Exception {
		Report report = launch(List.of("-D" + RelaunchApplication.WORKERS + "=16", "-cp", classPath(), MAIN));
		long memory = RunningJvm.current().memory().total().toBytes();
		assertThat(16 * Long.parseLong(report.value("heap"))).isLessThanOrEqualTo(memory / 4 * 3)
			.isGreaterThan(memory / 3 * 2);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void launchWhenNativeTransportIsLoadedPrintsNoWarning() throws Exception {
		assertThat(launch(List.of("-cp", classPath(), MAIN)).value("epoll")).isEqualTo("true");
		assertThat(this.directory.resolve("output.log")).isEmptyFile();
	}

	private Report launch(List<String> arguments) throws Exception {
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		List<String> command = concat(
				List.of(java.toString(), "-D" + RelaunchApplication.REPORT + "=" + this.directory), arguments);
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile());
		List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH")
			.forEach(builder.environment()::remove);
		builder.environment().putAll(this.environment);
		Path output = this.directory.resolve("output.log");
		Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
		assertThat(process.exitValue()).as(() -> readString(output)).isZero();
		return Report.read(this.directory.resolve("report.properties"));
	}

	private Path argumentFile() {
		return this.directory.resolve("worker-1.args");
	}

	private static String classPath() {
		return classPathEntries().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
	}

	private String relativeClassPath() {
		return classPathEntries().map((entry) -> this.directory.relativize(entry).toString())
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static Stream<Path> classPathEntries() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> Path.of(entry).toAbsolutePath());
	}

	private static void createJar(Path file) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, MAIN);
		manifest.getMainAttributes()
			.put(Attributes.Name.CLASS_PATH,
					classPathEntries().map((entry) -> entry.toUri().toString()).collect(Collectors.joining(" ")));
		new JarOutputStream(Files.newOutputStream(file), manifest).close();
	}

	private static List<String> concat(List<String> first, List<String> second) {
		List<String> all = new ArrayList<>(first);
		all.addAll(second);
		return all;
	}

	private static String readString(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	/**
	 * What a worker wrote down.
	 */
	private record Report(Properties properties) {

		static Report read(Path file) throws IOException {
			Properties properties = new Properties();
			try (InputStream input = Files.newInputStream(file)) {
				properties.load(input);
			}
			return new Report(properties);
		}

		String value(String name) {
			return this.properties.getProperty(name);
		}

		List<String> list(String name) {
			return Stream.iterate(0, (index) -> index + 1)
				.map((index) -> this.properties.getProperty(name + "." + index))
				.takeWhile((value) -> value != null)
				.toList();
		}

	}

}
