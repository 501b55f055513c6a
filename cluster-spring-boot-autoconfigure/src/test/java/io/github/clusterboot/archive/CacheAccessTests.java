package io.github.clusterboot.archive;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.clusterboot.ExitReason;
import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import io.github.clusterboot.master.process.WorkerLaunch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link CacheAccess}. A pipe without a writer, in the place of a file of the
 * cache, stands for a file system that does not answer.
 */
@EnabledOnOs(OS.LINUX)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class CacheAccessTests {

	private static final Duration SHORT = Duration.ofSeconds(1);

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final String RECORDS = "-XX:DumpLoadedClassList=";

	private static final String WARNING = "does not answer";

	@TempDir
	private Path directory;

	private final List<CacheAccess> accesses = new ArrayList<>();

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final List<IOException> lateFailures = new CopyOnWriteArrayList<>();

	private final CountDownLatch opened = new CountDownLatch(1);

	@BeforeEach
	void createJar() throws IOException {
		Files.writeString(this.directory.resolve("app.jar"), "jar");
	}

	@AfterEach
	void close() {
		this.opened.countDown();
		this.accesses.forEach(CacheAccess::close);
		Awaitility.await().until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	@Test
	void startIsThatOfTheCache() throws IOException {
		CacheAccess access = open(this::cache, LONG);
		assertThat(start(access, 1).options()).singleElement().asString().startsWith(RECORDS);
		assertThat(start(access, 2)).isEqualTo(CachedStart.PLAIN);
		access.exited(worker(1), ExitReason.REQUESTED, 0);
		assertThat(start(access, 3).options()).singleElement().asString().startsWith(RECORDS);
		assertThat(access.warnings()).isEmpty();
	}

	@Test
	void openWhenItFailsThrowsTheCause() {
		assertThatIOException().isThrownBy(() -> CacheAccess.open(() -> {
			throw new IOException("not yours");
		}, this.lateFailures::add)).withMessage("not yours");
		assertThatIOException().isThrownBy(() -> CacheAccess.open(() -> {
			throw new UnsupportedOperationException("no permissions");
		}, this.lateFailures::add)).withMessage("no permissions");
		assertThat(this.lateFailures).isEmpty();
	}

	@Test
	void openWhenThereIsNoThreadThrows() {
		AtomicInteger failing = new AtomicInteger(1);
		assertThatIOException()
			.isThrownBy(() -> CacheAccess.open(this::cache, this.lateFailures::add, LONG,
					(task) -> ThreadsThatFail.make(task, failing)))
			.withMessageContaining("thread");
	}

	@Test
	void openWhenTheFileSystemDoesNotAnswerHasPlainStartsAtOnceUntilItDoes(CapturedOutput output) throws IOException {
		CacheAccess access = open(() -> {
			this.opened.await();
			return cache();
		}, SHORT);
		assertThat(access.warnings()).singleElement().asString().contains(WARNING, "cluster.worker.cache");
		access.prepare();
		access.awaitPrepared();
		assertStartsArePlainAtOnce(access);
		this.opened.countDown();
		Awaitility.await().until(() -> records(start(access, 100)));
		assertThat(output).doesNotContain(WARNING);
	}

	@Test
	void openWhenItFailsLateHasPlainStartsAndTellsItOnce() throws Exception {
		CountDownLatch failing = new CountDownLatch(1);
		CacheAccess access = open(() -> {
			this.opened.await();
			failing.countDown();
			throw new IOException("not yours");
		}, SHORT);
		this.opened.countDown();
		assertThat(failing.await(60, TimeUnit.SECONDS)).isTrue();
		assertStartsArePlainAtOnce(access);
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.lateFailures).singleElement()
				.satisfies((failure) -> assertThat(failure).hasMessage("not yours")));
		access.ready(worker(1));
		access.exited(worker(1), ExitReason.REQUESTED, 0);
	}

	@Test
	void startWhenTheFileSystemDoesNotAnswerIsPlainAndTheNextOnesAreAtOnce(CapturedOutput output) throws Exception {
		Path pipe = makePipe();
		CacheAccess access = open(this::cache, SHORT);
		try {
			assertStartsArePlainAtOnce(access);
			Awaitility.await().untilAsserted(() -> assertThat(output).containsOnlyOnce(WARNING));
		}
		finally {
			answer(pipe);
		}
	}

	/**
	 * The late answer would have had that worker record its classes, and no other.
	 */
	@Test
	void startWhenTheFileSystemAnswersAgainTakesNothingForClaimed() throws Exception {
		Path pipe = makePipe();
		CacheAccess access = open(this::cache, SHORT);
		try {
			assertThat(start(access, 1)).isEqualTo(CachedStart.PLAIN);
		}
		finally {
			answer(pipe);
		}
		Awaitility.await().until(() -> records(start(access, 2)));
	}

	@Test
	void closeWhenTheFileSystemDoesNotAnswerReturnsSoon() throws Exception {
		Path pipe = makePipe();
		CacheAccess access = open(this::cache, SHORT);
		try {
			assertThat(start(access, 1)).isEqualTo(CachedStart.PLAIN);
			assertTakesLessThan(Duration.ofSeconds(20), access::close);
			assertThat(this.threads).singleElement().matches(Thread::isAlive);
			assertThat(start(access, 2)).isEqualTo(CachedStart.PLAIN);
		}
		finally {
			answer(pipe);
		}
	}

	@Test
	void closeWhenTheFileSystemDoesNotAnswerEndsWhatIsBeingMade() throws Exception {
		CacheAccess access = open(() -> cache("exec sleep 300"), SHORT);
		Awaitility.await().until(() -> records(start(access, 1)));
		Files.writeString(this.directory.resolve("worker-1.classes"), "java/lang/Object id: 0\n");
		access.ready(worker(1));
		Awaitility.await().until(() -> ProcessHandle.current().children().findAny().isPresent());
		// another jar, so another entry
		Files.writeString(this.directory.resolve("app.jar"), "another jar");
		Path pipe = makePipe();
		try {
			assertThat(start(access, 2)).isEqualTo(CachedStart.PLAIN);
			assertTakesLessThan(Duration.ofSeconds(20), access::close);
			Awaitility.await().until(() -> ProcessHandle.current().children().findAny().isEmpty());
		}
		finally {
			answer(pipe);
		}
	}

	private void assertStartsArePlainAtOnce(CacheAccess access) {
		assertTakesLessThan(SHORT.multipliedBy(20), () -> IntStream.range(1, 60)
			.forEach((id) -> assertThat(start(access, id)).isEqualTo(CachedStart.PLAIN)));
	}

	private static void assertTakesLessThan(Duration longest, Runnable step) {
		long start = System.nanoTime();
		step.run();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(longest);
	}

	private static boolean records(CachedStart start) {
		return start.options().stream().anyMatch((option) -> option.startsWith(RECORDS));
	}

	private static WorkerIdentity worker(int id) {
		return new WorkerIdentity(id, 0, 4711, 1);
	}

	private CachedStart start(CacheAccess access, int id) {
		return access.start(new WorkerLaunch(id, 0, 1, this.directory));
	}

	private CacheAccess open(Callable<WorkerCache> opening, Duration timeToAnswer) throws IOException {
		CacheAccess access = CacheAccess.open(opening, this.lateFailures::add, timeToAnswer, (task) -> {
			Thread thread = DaemonThreads.named(CacheAccess.THREAD).newThread(task);
			this.threads.add(thread);
			return thread;
		});
		this.accesses.add(access);
		return access;
	}

	private WorkerCache cache() throws IOException {
		return cache("exit 1");
	}

	private WorkerCache cache(String script) throws IOException {
		Path java = Files.writeString(this.directory.resolve("java"), "#!/bin/sh\n" + script);
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
		LaunchCommand launch = new LaunchCommand(java, List.of("-cp", this.directory.resolve("app.jar").toString()),
				List.of("Main"), List.of(), WorkingDirectory.INHERITED);
		return new WorkerCache(CacheFolder.of(folder()), launch, "jvm", ArchiveOptions.of(17, List.of()), Duration.ZERO,
				DaemonThreads.named(CacheWork.THREAD));
	}

	private Path folder() {
		return this.directory.resolve("cache");
	}

	/**
	 * Has the next start read the key of its entry from a pipe.
	 */
	private Path makePipe() throws Exception {
		Set<Path> before = keys();
		try (CacheAccess access = CacheAccess.open(this::cache, this.lateFailures::add, LONG,
				DaemonThreads.named(CacheAccess.THREAD))) {
			start(access, 1);
		}
		Set<Path> keys = keys();
		keys.removeAll(before);
		assertThat(keys).hasSize(1);
		Path pipe = keys.iterator().next();
		Files.move(pipe, saved(pipe));
		assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		return pipe;
	}

	private Set<Path> keys() throws IOException {
		if (!Files.exists(folder())) {
			return new HashSet<>();
		}
		try (Stream<Path> files = Files.walk(folder())) {
			return files.filter((file) -> file.endsWith(CacheEntry.KEY)).collect(Collectors.toSet());
		}
	}

	private static Path saved(Path pipe) {
		return pipe.resolveSibling("saved");
	}

	/**
	 * Has the reader of the pipe, if there is one, read the key.
	 */
	private static void answer(Path pipe) throws IOException {
		byte[] key = Files.readAllBytes(saved(pipe));
		// opened for both, a pipe does not wait for a reader, see fifo(7)
		try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw")) {
			Files.move(saved(pipe), pipe, StandardCopyOption.REPLACE_EXISTING);
			writer.write(key);
		}
	}

}
