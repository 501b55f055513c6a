package io.github.clusterboot.master;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.clusterboot.ClusterEvent;
import io.github.clusterboot.ClusterEventType;
import io.github.clusterboot.ClusterView;
import io.github.clusterboot.WorkerState;
import io.github.clusterboot.ipc.Scoreboard;
import io.github.clusterboot.ipc.ScoreboardSlot;
import io.github.clusterboot.worker.PlainWorker;
import org.awaitility.Awaitility;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs a {@link ClusterMaster} with {@link PlainWorker}s in a JVM of its own, as an
 * {@link OrdinaryUser}, and stops it in the end: then no process, socket or file of it
 * may be left.
 * <p>
 * What the cluster prints is in {@code target/masters}.
 */
final class MasterRunner implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofSeconds(40);

	private static final Duration PAUSE_OF_CLIENTS = Duration.ofMillis(5);

	private static final Pattern PORT = Pattern.compile("Listening on port (\\d+)");

	private final ExecutorService clients = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "client");
		thread.setDaemon(true);
		return thread;
	});

	private final Path temporary;

	private final Process process;

	private final OutputLines output;

	private volatile boolean terminated;

	private int port;

	MasterRunner(Function<Path, List<String>> command) throws IOException {
		// not the build's directory, whose path may be too long for a socket
		this.temporary = OrdinaryUser.own(Files.createTempDirectory(Path.of("/tmp"), "cluster-test-"));
		this.process = new ProcessBuilder(command.apply(this.temporary)).redirectErrorStream(true).start();
		this.output = OutputLines.of(this.process, Path.of("target/masters"));
	}

	static MasterBuilder workers(int workers) {
		return new MasterBuilder(workers);
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
		return this.output.all();
	}

	long count(String regex) {
		return this.output.count(regex);
	}

	/**
	 * Wait for a line.
	 * @param regex what the line contains
	 * @return the first such line
	 */
	String awaitOutput(String regex) {
		return this.output.await(regex, PATIENCE);
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
	 * Connect and ask at once, and wait for the answer in a thread of its own.
	 * @param path the path
	 * @return the answer
	 * @throws IOException if the connection is refused
	 */
	CompletableFuture<String> askLater(String path) throws IOException {
		PlainClient client = connect();
		client.ask(path);
		return CompletableFuture.supplyAsync(() -> {
			try (client) {
				return client.answer();
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		}, this.clients);
	}

	/**
	 * Ask again and again, over a new connection each time and from a thread of its own,
	 * until the connection is refused. A pause after each answer leaves the processors to
	 * the cluster. When the master has been told to stop, the last connection may be
	 * reset: the kernel lets ordinary users attach no filter.
	 * @param path the path
	 * @return how many answers came before; fails with what is neither an answer nor a
	 * refusal
	 */
	CompletableFuture<Integer> getUntilRefused(String path) {
		int port = port();
		return CompletableFuture.supplyAsync(() -> {
			for (int answers = 0;; answers++) {
				try {
					PlainClient.get(port, path);
					LockSupport.parkNanos(PAUSE_OF_CLIENTS.toNanos());
				}
				catch (ConnectException ex) {
					return answers;
				}
				catch (IOException ex) {
					if (this.terminated) {
						return answers;
					}
					throw new CompletionException(ex);
				}
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
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
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

	/**
	 * Wait until the worker with index 0 has taken connections, without asking it.
	 * @param connections the number
	 * @throws IOException if the scoreboard cannot be read
	 */
	void awaitTaken(long connections) throws IOException {
		ScoreboardSlot slot = Scoreboard.open(ProcFs.descriptorOf(pid(), "/cluster-boot-.* \\(deleted\\)")).slot(0);
		Awaitility.await().atMost(PATIENCE).until(() -> slot.connectionsTaken() >= connections);
	}

	void awaitState(int id, WorkerState state) {
		awaitView((view) -> assertThat(view.workers())
			.anyMatch((worker) -> worker.id() == id && worker.state() == state));
	}

	/**
	 * Kill a worker, and wait until the master knows.
	 * @param worker the worker
	 */
	void kill(ClusterView.Worker worker) {
		signal("KILL", worker.pid());
		awaitExitOf(worker.id());
	}

	void awaitExitOf(int id) {
		awaitOutput("worker " + id + " \\(pid \\d+\\) has exited with code");
	}

	void signal(String signal) {
		this.terminated |= signal.equals("TERM");
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

	/**
	 * Have another process of the same user delete what this master has left, which was
	 * killed.
	 * @throws IOException if the process cannot be started
	 */
	void deleteWhatIsLeft() throws IOException {
		List<String> command = ChildJvm.command(ClassArchives.get().classPath(), null, CleanUpProbe.class, List.of(),
				this.temporary.toString());
		try {
			assertThat(new ProcessBuilder(OrdinaryUser.command(command)).inheritIO().start().waitFor()).isZero();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	int awaitExit() {
		return awaitExit(PATIENCE);
	}

	int awaitExit(Duration timeout) {
		try {
			assertThat(this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS))
				.as("the master ends within " + timeout)
				.isTrue();
			this.output.awaitEnd();
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

}
