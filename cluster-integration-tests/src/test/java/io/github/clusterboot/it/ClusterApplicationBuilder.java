package io.github.clusterboot.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * Builds the command line of an application under test and starts it. Unless told
 * otherwise it runs the packaged sample application, extracted, on a port that the system
 * chooses, in JVMs that start fast and stay small, without the cluster's own archive of
 * classes.
 */
final class ClusterApplicationBuilder {

	/**
	 * By name: where the tests are repeated on another JDK their own class path has no
	 * web classes.
	 */
	private static final String REQUEST_RECORDER = "io.github.clusterboot.it.app.RequestRecorder";

	private static final String SAMPLE_CLASS = "io.github.clusterboot.sample.SampleApplication";

	private static final String SMALL_HEAP = "-Xmx128m";

	/**
	 * What lives for less than a minute is not worth compiling much.
	 */
	static final List<String> SMALL_JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=3",
			"-XX:+UseSerialGC", SMALL_HEAP);

	private final Path log;

	private final ProcessLauncher launcher;

	private final Consumer<ClusterApplication> onStart;

	private final List<String> args = new ArrayList<>();

	private final List<String> jvmOptions = new ArrayList<>(SMALL_JVM);

	private final List<String> prefix = new ArrayList<>();

	private List<String> launch = List.of();

	private @Nullable Path archive;

	private @Nullable Path temporary;

	private @Nullable Path records;

	private Predicate<String> mayLeave = (name) -> false;

	private String cache = "off";

	private int port;

	private boolean argumentFile;

	private Path java = ItSettings.java();

	ClusterApplicationBuilder(Path log, Consumer<ClusterApplication> onStart) {
		this.log = log;
		this.launcher = new ProcessLauncher(log);
		this.onStart = onStart;
		extracted(ItSettings.sampleJar());
	}

	ClusterApplicationBuilder workers(int workers) {
		return args("--cluster.workers=" + workers);
	}

	/**
	 * Set whom the processes run as, by default an ordinary user.
	 * @param user the user
	 * @return this builder
	 */
	ClusterApplicationBuilder user(RunAs user) {
		this.launcher.user(user);
		return this;
	}

	/**
	 * Set the {@code server.port}.
	 * @param port the port, negative for none
	 * @return this builder
	 */
	ClusterApplicationBuilder port(int port) {
		this.port = port;
		return this;
	}

	ClusterApplicationBuilder args(String... args) {
		this.args.addAll(Arrays.asList(args));
		return this;
	}

	ClusterApplicationBuilder jvmOptions(String... options) {
		this.jvmOptions.addAll(Arrays.asList(options));
		return this;
	}

	/**
	 * Use the JVM as a user's plain {@code java} would, with no option given so far.
	 * @return this builder
	 */
	ClusterApplicationBuilder plainJvm() {
		this.jvmOptions.clear();
		return this;
	}

	/**
	 * Leave the size of the heap to the JVM and the starter.
	 * @return this builder
	 */
	ClusterApplicationBuilder defaultHeap() {
		this.jvmOptions.remove(SMALL_HEAP);
		return this;
	}

	ClusterApplicationBuilder environment(String name, String value) {
		this.launcher.environment(name, value);
		return this;
	}

	/**
	 * Set the {@code java.io.tmpdir}, by default a new directory.
	 * @param temporary the directory of an application that has ended
	 * @return this builder
	 */
	ClusterApplicationBuilder temporary(Path temporary) {
		this.temporary = temporary;
		return this;
	}

	/**
	 * Name the files that the application, not the cluster, leaves in the
	 * {@code java.io.tmpdir}.
	 * @param names a regular expression
	 * @return this builder
	 */
	ClusterApplicationBuilder mayLeave(String names) {
		this.mayLeave = Pattern.compile(names).asMatchPredicate();
		return this;
	}

	/**
	 * Name a directory that the application may write to, other than its working
	 * directory and the {@code java.io.tmpdir}.
	 * @param directory the directory
	 * @return this builder
	 */
	ClusterApplicationBuilder mayWrite(Path directory) {
		this.launcher.mayWrite(directory);
		return this;
	}

	/**
	 * Let the cluster keep archives of loaded classes, from which workers start.
	 * @param cache the folder
	 * @return this builder
	 */
	ClusterApplicationBuilder cache(Path cache) {
		this.cache = cache.toString();
		return this;
	}

	/**
	 * Run the command by other commands that, in the end, execute it in their place.
	 * @param commands the other commands
	 * @return this builder
	 */
	ClusterApplicationBuilder through(String... commands) {
		this.prefix.addAll(Arrays.asList(commands));
		return this;
	}

	/**
	 * Run the jar that {@code -Djarmode=tools extract} makes, with an archive of its
	 * classes.
	 * @param jar the path of the packaged jar
	 * @return this builder
	 */
	ClusterApplicationBuilder extracted(Path jar) {
		ExtractedApplication application = ExtractedApplication.of(jar);
		jar(application.jar());
		this.archive = application.archive();
		return this;
	}

	/**
	 * Run a packaged jar as it is.
	 * @param jar the path of the jar
	 * @return this builder
	 */
	ClusterApplicationBuilder jar(Path jar) {
		this.archive = null;
		this.launch = List.of("-jar", jar.toString());
		return this;
	}

	/**
	 * Run the sample application's main class by {@code -cp}.
	 * @param further what follows on the class path
	 * @return this builder
	 */
	ClusterApplicationBuilder sampleClass(Path... further) {
		ExtractedApplication sample = ExtractedApplication.sample();
		this.archive = sample.archive();
		return launch(Stream.concat(sample.classPath().stream(), Arrays.stream(further)), SAMPLE_CLASS);
	}

	/**
	 * Run a main class of these tests, or of a library of the sample application, by
	 * {@code -cp}.
	 * @param mainClass the name of the class
	 * @return this builder
	 */
	ClusterApplicationBuilder mainClass(String mainClass) {
		ExtractedApplication sample = ExtractedApplication.sample();
		this.archive = sample.archive();
		return launch(Stream.of(sample.jar(), ItSettings.testClasses()), mainClass);
	}

	ClusterApplicationBuilder mainClass(Class<?> mainClass) {
		return mainClass(mainClass.getName());
	}

	private ClusterApplicationBuilder launch(Stream<Path> classPath, String mainClass) {
		String joined = classPath.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
		this.launch = List.of("-cp", joined, mainClass);
		return this;
	}

	/**
	 * Run the sample application, and let each worker record which requests it executes.
	 * @return this builder
	 */
	ClusterApplicationBuilder recordingSample() {
		this.records = emptyDirectory(Path.of(this.log + ".records"));
		mayWrite(this.records);
		return mainClass(SAMPLE_CLASS).args("--spring.main.sources=" + REQUEST_RECORDER,
				"--it.records=" + this.records);
	}

	/**
	 * Run a test application, and let each worker record which requests it executes.
	 * @param jar the path of its jar
	 * @return this builder
	 */
	ClusterApplicationBuilder recordingTestApp(Path jar) {
		this.records = emptyDirectory(Path.of(this.log + ".records"));
		mayWrite(this.records);
		return extracted(jar).args("--it.records=" + this.records);
	}

	private static Path emptyDirectory(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
			return Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Run the sample application from folders, with devtools.
	 * @param sample the folders
	 * @return this builder
	 */
	ClusterApplicationBuilder developedSample(DevelopedSample sample) {
		this.archive = null;
		return launch(sample.classPath().stream(), SAMPLE_CLASS);
	}

	/**
	 * Return where a file of this application alone is, beside its log.
	 * @param extension what follows the log's name
	 * @return the path of a file that does not exist
	 */
	Path companion(String extension) {
		try {
			Path file = Path.of(this.log + "." + extension);
			Files.deleteIfExists(file);
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Put everything after {@code java} into an argument file, as an IDE does with a long
	 * command line.
	 * @return this builder
	 */
	ClusterApplicationBuilder argumentFile() {
		this.argumentFile = true;
		return this;
	}

	/**
	 * Let the output go to a pipe that stays open and that nobody reads, as a terminal
	 * after Ctrl-S. There is no log then, so the port must be given.
	 * @return this builder
	 */
	ClusterApplicationBuilder outputUnread() {
		this.launcher.outputUnread();
		return this;
	}

	/**
	 * Run by another {@code java}.
	 * @param java the executable
	 * @return this builder
	 */
	ClusterApplicationBuilder java(Path java) {
		this.java = java;
		return this;
	}

	/**
	 * Start in a directory as a shell does, which remembers the links that lead there.
	 * @param directory the directory
	 * @return this builder
	 */
	ClusterApplicationBuilder directory(Path directory) {
		this.launcher.directory(directory);
		return environment("PWD", directory.toString());
	}

	/**
	 * Start the process. Does not wait for anything.
	 * @return the application
	 */
	ClusterApplication start() {
		try {
			// A socket's path must be short, so this is not under target.
			Path temporary = (this.temporary != null) ? this.temporary : Files.createTempDirectory("cit");
			ProcessMark mark = ProcessMark.create();
			mayWrite(temporary);
			ClusterApplication application = new ClusterApplication(this.launcher.launch(command(temporary), mark),
					mark, this.port, this.log, temporary, this.records, this.mayLeave);
			this.onStart.accept(application);
			return application;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<String> command(Path temporary) throws IOException {
		List<String> arguments = new ArrayList<>(this.jvmOptions);
		if (this.archive != null) {
			arguments.add("-XX:SharedArchiveFile=" + this.archive);
		}
		arguments.add("-Djava.io.tmpdir=" + temporary);
		arguments.add("-Dcluster.worker.cache=" + this.cache);
		arguments.addAll(this.launch);
		arguments.addAll(this.args);
		arguments.add("--server.port=" + this.port);
		List<String> command = new ArrayList<>(this.prefix);
		command.add(this.java.toString());
		command.addAll(this.argumentFile ? List.of("@" + writeArgumentFile(arguments)) : arguments);
		return command;
	}

	private Path writeArgumentFile(List<String> arguments) throws IOException {
		List<String> lines = arguments.stream()
			.map((argument) -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
			.toList();
		return Files.write(Path.of(this.log.toAbsolutePath() + ".args"), lines);
	}

}
