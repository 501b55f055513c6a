package io.github.clusterboot.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

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

/**
 * Tests for {@link WorkerCache}. A script stands for the JVM that makes the archive.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class WorkerCacheTests {

	private static final String MAKES = """
			for option; do
			  case $option in -XX:SharedArchiveFile=*) archive=${option#*=} ;; -Xshare:dump) dump=1 ;; esac
			  test "$last" != --destination || { mkdir "$option" && echo small >"$option/app.jar"; }
			  last=$option
			done
			test -z "$dump" || echo archive >"$archive"
			""";

	private static final String RECORDS = "-XX:DumpLoadedClassList=";

	@TempDir
	Path directory;

	private final List<WorkerCache> caches = new ArrayList<>();

	private CacheFolder folder;

	private List<String> application = List.of("Main");

	private WorkerCache cache;

	@BeforeEach
	void create() throws IOException {
		this.folder = CacheFolder.of(this.directory.resolve("cache"));
		Files.writeString(this.directory.resolve("app.jar"), "jar");
		this.cache = cache(MAKES);
	}

	@AfterEach
	void close() {
		this.caches.forEach(WorkerCache::close);
	}

	@Test
	void startWhenThereIsNoArchiveLetsOneWorkerRecordItsClasses() {
		assertThat(start(1).options()).singleElement().asString().startsWith(RECORDS);
		assertThat(start(2)).isEqualTo(CachedStart.PLAIN);
	}

	@Test
	void startWhenTheRecordingWorkerHasFailedLetsTheNextOneRecord() {
		start(1);
		this.cache.ended(1, true);
		assertThat(start(2).options()).singleElement().asString().startsWith(RECORDS);
	}

	@Test
	void readyWhenAllWorkersAreHasTheArchiveMade() throws Exception {
		start(1);
		start(2);
		writeList(1);
		this.cache.ready(1);
		assertThat(start(3)).isEqualTo(CachedStart.PLAIN);
		this.cache.ready(2);
		this.cache.ready(3);
		awaitArchive(4);
	}

	@Test
	void readyWhenAnotherWorkerStartsSoonAfterItWaitsForThatOne() throws Exception {
		this.cache = cache(MAKES, Duration.ofSeconds(1), DaemonThreads.named(CacheWork.THREAD));
		start(1);
		writeList(1);
		this.cache.ready(1);
		start(2);
		Awaitility.await()
			.during(Duration.ofMillis(1500))
			.atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(hasFile("files")).isFalse());
		this.cache.ready(2);
		awaitArchive(3);
	}

	@Test
	void startWhenAnotherClusterHasMadeTheArchiveUsesIt() throws Exception {
		make();
		this.cache.close();
		this.cache = cache("exit 1");
		assertThat(start(1).options()).anyMatch((option) -> option.startsWith("-XX:SharedArchiveFile="));
	}

	@Test
	void startWhenTheJarHasBeenReplacedDoesNotUseTheArchive() throws Exception {
		make();
		Files.writeString(this.directory.resolve("app.jar"), "another jar");
		assertThat(start(3).options()).noneMatch((option) -> option.startsWith("-XX:SharedArchiveFile="));
	}

	@Test
	void readyWhenAWorkerFromTheArchiveHasFailedAndTheNextOneHasNotIsTheLastOfThem() throws Exception {
		make();
		start(3);
		this.cache.ended(3, true);
		assertThat(start(4)).isEqualTo(CachedStart.PLAIN);
		this.cache.ready(4);
		assertThat(start(5)).isEqualTo(CachedStart.PLAIN);
		this.cache.close();
		this.cache = cache(MAKES);
		assertThat(start(1)).isEqualTo(CachedStart.PLAIN);
	}

	@Test
	void endedWhenAWorkerFromTheArchiveHasFailedAndTheNextOneAsWellKeepsIt() throws Exception {
		make();
		start(3);
		this.cache.ended(3, true);
		assertThat(start(4)).isEqualTo(CachedStart.PLAIN);
		this.cache.ended(4, true);
		assertThat(start(5).options()).anyMatch((option) -> option.startsWith("-XX:SharedArchiveFile="));
		assertThat(hasFailure()).isFalse();
	}

	@Test
	void startWhenTheJarIsExecutableIsFromWhatWasExtracted() throws Exception {
		executable("one");
		this.cache.prepare();
		this.cache.awaitPrepared();
		assertThat(start(1).options()).singleElement().asString().startsWith(RECORDS);
		CachedStart second = start(2);
		assertThat(second.options()).isEmpty();
		assertThat(second.jar()).startsWith(this.folder.path()).hasFileName("app.jar").hasContent("small");
		writeList(1);
		this.cache.ready(1);
		this.cache.ready(2);
		awaitArchive(3);
		assertThat(start(4).jar()).isEqualTo(second.jar());
	}

	@Test
	void startWhenAnExecutableJarHasBeenReplacedIsPlainUntilItIsExtracted() throws Exception {
		executable("one");
		this.cache.prepare();
		this.cache.awaitPrepared();
		Path first = start(1).jar();
		executable("two");
		assertThat(start(2)).isEqualTo(CachedStart.PLAIN);
		Awaitility.await().untilAsserted(() -> assertThat(start(3).jar()).isNotNull().isNotEqualTo(first));
	}

	@Test
	void startWhenAnExecutableJarCannotBeExtractedIsPlain() throws Exception {
		executable("one");
		this.cache = cache("exit 1");
		this.cache.prepare();
		this.cache.awaitPrepared();
		assertThat(start(1)).isEqualTo(CachedStart.PLAIN);
		assertThat(hasFailure()).isTrue();
		assertThat(start(2)).isEqualTo(CachedStart.PLAIN);
	}

	/**
	 * That it has failed cannot be written down either.
	 */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void startWhenTheEntryHasBeenDeletedTellsItAndDoesNotTryAgain(CapturedOutput output) throws Exception {
		executable("one");
		this.cache.prepare();
		this.cache.awaitPrepared();
		Path entry = start(1).jar().getParent().getParent();
		CacheEntry.delete(entry);
		assertThat(start(2)).isEqualTo(CachedStart.PLAIN);
		this.cache.awaitPrepared();
		Files.createDirectory(entry);
		assertThat(start(3)).isEqualTo(CachedStart.PLAIN);
		this.cache.awaitPrepared();
		assertThat(entry).isEmptyDirectory();
		Awaitility.await()
			.untilAsserted(() -> assertThat(output)
				.containsOnlyOnce("Workers are started without an archive of classes: " + entry)
				.contains(entry + "/making: no such file or directory"));
	}

	@Test
	void startWhenThereWasNoThreadToExtractWithHasTheNextWorkerTryAgain() throws Exception {
		executable("one");
		// one to look for old entries, one to extract
		AtomicInteger failing = new AtomicInteger(2);
		this.cache = cache(MAKES, (task) -> ThreadsThatFail.make(task, failing));
		this.cache.prepare();
		this.cache.awaitPrepared();
		assertThat(start(1)).isEqualTo(CachedStart.PLAIN);
		Awaitility.await().untilAsserted(() -> assertThat(start(2).jar()).isNotNull());
		assertThat(hasFailure()).isFalse();
	}

	@Test
	void readyWhenThereIsNoThreadToMakeTheArchiveLetsTheNextWorkerRecord() throws Exception {
		// one to look for old entries, one to make the archive
		AtomicInteger failing = new AtomicInteger(2);
		this.cache = cache(MAKES, (task) -> ThreadsThatFail.make(task, failing));
		start(1);
		writeList(1);
		this.cache.ready(1);
		assertThat(start(2).options()).singleElement().asString().startsWith(RECORDS);
	}

	@Test
	void endedWhenAWorkerFromTheArchiveHasBeenReadyKeepsIt() throws Exception {
		make();
		start(3);
		this.cache.ready(3);
		this.cache.ended(3, false);
		assertThat(start(4).options()).anyMatch((option) -> option.startsWith("-XX:SharedArchiveFile="));
	}

	@Test
	void readyWhenTheArchiveCannotBeMadeIsNotTriedAgain() throws Exception {
		this.cache = cache("echo no; exit 1");
		start(1);
		writeList(1);
		this.cache.ready(1);
		Awaitility.await().until(() -> start(2).equals(CachedStart.PLAIN) && hasFailure());
		this.cache.ready(2);
		assertThat(start(3)).isEqualTo(CachedStart.PLAIN);
	}

	/**
	 * As if each run ended before it had made an archive.
	 */
	@Test
	void startWhenTheJarIsReplacedAgainAndAgainKeepsFourOldEntries() throws Exception {
		for (int i = 0; i < 8; i++) {
			Files.writeString(this.directory.resolve("app.jar"), "jar" + "x".repeat(i));
			this.cache = cache("exit 1");
			start(1);
			this.cache.awaitPrepared();
			this.cache.close();
		}
		try (Stream<Path> entries = Files.list(this.folder.path())) {
			assertThat(entries).hasSize(5);
		}
	}

	/**
	 * As if the process ended in another way than by a stop, which deletes the list.
	 */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void readyWhenTheListOfClassesHasGoneLetsTheNextWorkerRecord(CapturedOutput output) throws Exception {
		start(1);
		this.cache.ready(1);
		Awaitility.await()
			.untilAsserted(() -> assertThat(start(2).options()).singleElement().asString().startsWith(RECORDS));
		assertThat(hasFailure()).isFalse();
		assertThat(output).doesNotContain("without an archive");
	}

	@Test
	void endWorkWhenTheArchiveIsAboutToBeMadeNotesNothing() throws Exception {
		this.cache = cache("echo no; exit 1", Duration.ofMillis(500), DaemonThreads.named(CacheWork.THREAD));
		start(1);
		writeList(1);
		this.cache.ready(1);
		this.cache.endWork();
		this.cache.awaitPrepared();
		this.cache.close();
		assertThat(hasFailure()).isFalse();
	}

	@Test
	void closeWhenTheArchiveIsBeingMadeEndsThat() throws Exception {
		this.cache = cache("exec sleep 300");
		start(1);
		writeList(1);
		this.cache.ready(1);
		Awaitility.await().until(() -> ProcessHandle.current().children().count() > 0);
		this.cache.close();
		Awaitility.await()
			.atMost(5, TimeUnit.SECONDS)
			.until(() -> ProcessHandle.current().children().findAny().isEmpty());
		assertThat(hasFailure()).isFalse();
		try (Stream<Path> files = Files.walk(this.folder.path())) {
			assertThat(files).noneMatch((file) -> file.endsWith("work"));
		}
	}

	@Test
	void startWhenTheArchiveCannotBeMadeIsFromWhatWasExtracted() throws Exception {
		executable("one");
		this.cache = cache(MAKES.replace("echo archive >\"$archive\"", "exit 1"));
		this.cache.prepare();
		this.cache.awaitPrepared();
		start(1);
		writeList(1);
		this.cache.ready(1);
		Awaitility.await().until(this::hasFailure);
		CachedStart next = start(2);
		assertThat(next.options()).isEmpty();
		assertThat(next.jar()).hasContent("small");
	}

	@Test
	void startWhenTheJarIsReplacedWhileAnArchiveIsMadeRecordsTheNewOneAfterThat() throws Exception {
		executable("one");
		this.cache.prepare();
		this.cache.awaitPrepared();
		Path first = start(1).jar();
		writeList(1);
		this.cache.ready(1);
		executable("two");
		Awaitility.await()
			.untilAsserted(() -> assertThat(start(2)).satisfies((start) -> assertThat(start.jar()).isNotEqualTo(first))
				.satisfies((start) -> assertThat(start.options()).singleElement().asString().startsWith(RECORDS)));
	}

	private void make() throws IOException {
		start(1);
		writeList(1);
		this.cache.ready(1);
		awaitArchive(2);
		this.cache.ended(2, false);
	}

	/**
	 * No worker may start before there is one.
	 */
	private void awaitArchive(int id) {
		Awaitility.await().until(() -> hasFile("files"));
		assertThat(start(id).options())
			.anyMatch((option) -> option.startsWith("-XX:SharedArchiveFile=" + this.folder.path()));
	}

	private boolean hasFailure() throws IOException {
		return hasFile("failure") || hasFile("archive.failure");
	}

	private boolean hasFile(String name) throws IOException {
		try (Stream<Path> files = Files.walk(this.folder.path())) {
			return files.anyMatch((file) -> file.getFileName().toString().equals(name));
		}
		catch (UncheckedIOException ex) {
			// the cache is being written
			return false;
		}
	}

	private void writeList(int id) throws IOException {
		Files.writeString(this.directory.resolve("worker-" + id + ".classes"), "java/lang/Object id: 0\n");
	}

	/**
	 * From now on the application is an executable jar.
	 */
	private void executable(String content) throws IOException {
		boolean replaced = this.application.contains("-jar");
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes()
			.put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
		Path jar = this.directory.resolve("app.jar");
		try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
			output.putNextEntry(new JarEntry("BOOT-INF/lib/spring-boot-jarmode-tools-4.1.1.jar"));
			output.putNextEntry(new JarEntry(content));
		}
		if (!replaced) {
			this.application = List.of("-jar", jar.toString());
			this.cache = cache(MAKES);
		}
	}

	private CachedStart start(int id) {
		return this.cache.start(new WorkerLaunch(id, 0, 1, this.directory));
	}

	private WorkerCache cache(String script) throws IOException {
		return cache(script, DaemonThreads.named(CacheWork.THREAD));
	}

	private WorkerCache cache(String script, ThreadFactory threads) throws IOException {
		return cache(script, Duration.ZERO, threads);
	}

	private WorkerCache cache(String script, Duration timeToWarmUp, ThreadFactory threads) throws IOException {
		Path java = Files.writeString(this.directory.resolve("java-" + this.caches.size()), "#!/bin/sh\n" + script);
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
		LaunchCommand launch = new LaunchCommand(java, List.of("-cp", this.directory.resolve("app.jar").toString()),
				this.application, List.of(), WorkingDirectory.INHERITED);
		WorkerCache cache = new WorkerCache(this.folder, launch, "jvm", ArchiveOptions.of(17, List.of()), timeToWarmUp,
				threads);
		this.caches.add(cache);
		return cache;
	}

}
