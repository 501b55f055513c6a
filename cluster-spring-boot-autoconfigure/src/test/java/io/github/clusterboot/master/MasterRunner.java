package io.github.clusterboot.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.worker.PlainWorker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs a {@link ClusterMaster} with {@link PlainWorker}s in a JVM of its own, and stops
 * it in the end: then no process, socket or file of it may be left.
 * <p>
 * What the cluster prints is in {@code target/masters}.
 */
final class MasterRunner implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Pattern PORT = Pattern.compile("Listening on port (\\d+)");

	private final List<String> output = new CopyOnWriteArrayList<>();

	private final ExecutorService clients = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "client");
		thread.setDaemon(true);
		return thread;
	});

	private final Path temporary;

	private final Process process;

	private final Thread reader;

	private int port;

	private MasterRunner(Builder builder, String classPath, Path archive) throws IOException {
		// not the build's directory, whose path may be too long for a socket
		this.temporary = Files.createTempDirectory(Path.of("/tmp"), "cluster-test-");
		this.process = new ProcessBuilder(builder.command(classPath, archive, this.temporary)).redirectErrorStream(true)
			.start();
		this.reader = new Thread(this::readOutput, "master-output");
		this.reader.start();
	}

	private void readOutput() {
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
				PrintWriter log = new PrintWriter(Files.newBufferedWriter(
						Files.createDirectories(Path.of("target/masters")).resolve(this.process.pid() + ".log")),
						true)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				log.println(line);
				this.output.add(line);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Builder workers(int workers) {
		return new Builder(workers);
	}

	long pid() {
		return this.process.pid();
	}

	Path temporaryDirectory() {
		return this.temporary;
	}

	/**
	 * Return where the master's socket is.
	 * @return the path
	 * @throws IOException if there is no run directory
	 */
	Path runDirectory() throws IOException {
		try (Stream<Path> files = Files.list(this.temporary)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("cluster-boot-"))
				.findFirst()
				.orElseThrow();
		}
	}

	/**
	 * Return the port, once the master listens.
	 * @return the port
	 */
	int port() {
		if (this.port == 0) {
			Matcher matcher = PORT.matcher(awaitOutput(PORT.pattern()));
			assertThat(matcher.find()).isTrue();
			this.port = Integer.parseInt(matcher.group(1));
		}
		return this.port;
	}

	/**
	 * Wait until all workers have been ready.
	 * @return this
	 */
	MasterRunner awaitRunning() {
		awaitOutput("The cluster is running");
		port();
		return this;
	}

	List<String> output() {
		return List.copyOf(this.output);
	}

	long count(String regex) {
		Pattern pattern = Pattern.compile(regex);
		return this.output.stream().filter((line) -> pattern.matcher(line).find()).count();
	}

	/**
	 * Wait for a line.
	 * @param regex what the line contains
	 * @return the first such line
	 */
	String awaitOutput(String regex) {
		Pattern pattern = Pattern.compile(regex);
		return Awaitility.await("output " + regex)
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.output.stream().filter((line) -> pattern.matcher(line).find()).findFirst().orElse(null),
					(line) -> line != null || !this.process.isAlive() && !this.reader.isAlive());
	}

	PlainClient connect() throws IOException {
		return PlainClient.connect(port());
	}

	String get(String path) throws IOException {
		return PlainClient.get(port(), path);
	}

	/**
	 * Ask from a thread of its own.
	 * @param path the path
	 * @return the answer
	 */
	CompletableFuture<String> getLater(String path) {
		int port = port();
		return CompletableFuture.supplyAsync(() -> {
			try {
				return PlainClient.get(port, path);
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		}, this.clients);
	}

	/**
	 * Return what the master tells any worker.
	 * @return the view
	 */
	ClusterView view() {
		return JsonMapper.shared().readValue(answerOf("/view"), ClusterView.class);
	}

	List<ClusterEvent> events() {
		return List.of(JsonMapper.shared().readValue(answerOf("/events/0"), ClusterEvent[].class));
	}

	List<ClusterEvent> events(ClusterEventType type) {
		return events().stream().filter((event) -> event.type() == type).toList();
	}

	private String answerOf(String path) {
		try {
			return get(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Wait until the cluster is as expected.
	 * @param expectation asserts what is expected
	 * @return the view that met it
	 */
	ClusterView awaitView(Consumer<ClusterView> expectation) {
		List<ClusterView> last = new ArrayList<>();
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
			ClusterView view = view();
			expectation.accept(view);
			last.add(view);
		});
		return last.get(last.size() - 1);
	}

	ClusterView awaitReady(int workers) {
		return awaitView((view) -> {
			assertThat(view.size().ready()).isEqualTo(workers);
			assertThat(view.workers()).hasSize(workers);
		});
	}

	List<ClusterView.Worker> workers() {
		return view().workers();
	}

	ClusterView.Worker worker(int index) {
		return workers().stream().filter((worker) -> worker.index() == index).findFirst().orElseThrow();
	}

	void awaitState(int id, WorkerState state) {
		awaitView((view) -> assertThat(view.workers())
			.anyMatch((worker) -> worker.id() == id && worker.state() == state));
	}

	void signal(String signal) {
		signal(signal, pid());
	}

	/**
	 * Send a signal.
	 * @param signal the signal's name
	 * @param pid the process, which must be one of this cluster
	 */
	static void signal(String signal, long pid) {
		try {
			assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).start().waitFor()).isZero();
			if (signal.equals("STOP")) {
				Awaitility.await().atMost(PATIENCE).until(() -> ProcFs.state(pid).equals("T"));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void awaitNoProcess() {
		Awaitility.await().atMost(PATIENCE).until(() -> ProcFs.processesWith(this.temporary.toString()).isEmpty());
	}

	int awaitExit() {
		return awaitExit(PATIENCE);
	}

	int awaitExit(Duration timeout) {
		try {
			assertThat(this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS))
				.as("the master ends within " + timeout)
				.isTrue();
			this.reader.join();
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.clients.shutdownNow();
		try {
			if (this.process.isAlive()) {
				// unlike Process, its handle leaves the output open
				this.process.toHandle().destroy();
				awaitExit();
			}
			assertNothingLeft();
		}
		finally {
			this.process.destroyForcibly();
			ProcFs.processesWith(this.temporary.toString())
				.forEach((pid) -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
			delete(this.temporary);
		}
	}

	private void assertNothingLeft() {
		assertThat(ProcFs.processesWith(this.temporary.toString())).as("processes left").isEmpty();
		assertThat(ProcFs.unixSocketsWith(this.temporary.toString())).as("sockets left").isEmpty();
		try (Stream<Path> files = Files.list(this.temporary)) {
			assertThat(files).as("files left").isEmpty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (this.port != 0) {
			assertThatExceptionOfType(ConnectException.class).as("the port is closed")
				.isThrownBy(() -> PlainClient.connect(this.port));
		}
	}

	private static void delete(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The settings of a master. Durations are short, so that tests are.
	 */
	static final class Builder {

		private final Map<String, String> properties = new LinkedHashMap<>();

		private final List<String> prefix = new ArrayList<>();

		private Builder(int workers) {
			set("workers", workers);
			backlog(1024);
			startTimeout(Duration.ofSeconds(30));
			drainTimeout(Duration.ofSeconds(5));
			set("heartbeatTimeout", Duration.ofSeconds(30));
			shutdownTimeout(Duration.ofSeconds(15));
			restart(Duration.ofMillis(20), 2, Duration.ofSeconds(1), Duration.ofSeconds(30));
		}

		Builder backlog(int backlog) {
			return set("backlog", backlog);
		}

		Builder startTimeout(Duration timeout) {
			return set("startTimeout", timeout);
		}

		Builder drainTimeout(Duration timeout) {
			return set("drainTimeout", timeout);
		}

		Builder shutdownTimeout(Duration timeout) {
			return set("shutdownTimeout", timeout);
		}

		Builder restart(Duration initialDelay, double multiplier, Duration maxDelay, Duration resetAfter) {
			return set("initialDelay", initialDelay).set("multiplier", multiplier)
				.set("maxDelay", maxDelay)
				.set("resetAfter", resetAfter);
		}

		/**
		 * Add a system property of every worker, see {@link PlainWorker}.
		 * @param property name and value
		 * @return this
		 */
		Builder worker(String property) {
			return workerOption("-D" + property);
		}

		/**
		 * Add a system property of the workers with an index.
		 * @param index the index
		 * @param property name and value
		 * @return this
		 */
		Builder worker(int index, String property) {
			return addWorkerOption(PlainMaster.WORKER_OPTIONS + "." + index, "-D" + property);
		}

		Builder workerOption(String option) {
			return addWorkerOption(PlainMaster.WORKER_OPTIONS, option);
		}

		private Builder addWorkerOption(String list, String option) {
			this.properties.merge(list, option, (options, last) -> options + " " + last);
			return this;
		}

		/**
		 * Make the command of the workers one that cannot be started.
		 * @return this
		 */
		Builder unstartable() {
			return set(PlainMaster.UNSTARTABLE, true);
		}

		/**
		 * Run the master's JVM by another command.
		 * @param prefix the command, which must become the JVM by {@code execve(2)}
		 * @return this
		 */
		Builder prefix(String... prefix) {
			this.prefix.addAll(List.of(prefix));
			return this;
		}

		private Builder set(String name, Object value) {
			this.properties.put(name, String.valueOf(value));
			return this;
		}

		private List<String> command(String classPath, Path archive, Path temporary) {
			List<String> options = new ArrayList<>(List.of("-Djava.io.tmpdir=" + temporary));
			this.properties.forEach((name, value) -> options.add("-D" + name + "=" + value));
			List<String> command = new ArrayList<>(this.prefix);
			command.addAll(ChildJvm.command(classPath, (archive != null) ? archive.toString() : null, PlainMaster.class,
					options));
			return command;
		}

		MasterRunner start() throws IOException {
			ClassArchive archive = ClassArchive.get();
			return start(archive.classPath(), archive.file());
		}

		/**
		 * Start the master.
		 * @param classPath the class path of all its JVMs
		 * @param archive the class data archive that they start from, or {@code null}
		 * @return the running master
		 * @throws IOException if it cannot be started
		 */
		MasterRunner start(String classPath, Path archive) throws IOException {
			return new MasterRunner(this, classPath, archive);
		}

	}

}
