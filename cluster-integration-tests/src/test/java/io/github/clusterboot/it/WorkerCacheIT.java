package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Workers start from an archive of loaded classes.
 */
class WorkerCacheIT {

	private static final String MADE = "Further workers start from an archive of classes";

	/**
	 * A link, as many have to the jar of their current version.
	 */
	private static final String JAR_NAME = "app.jar";

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	@TempDir
	private Path directory;

	@Test
	void killWhenTheArchiveHasBeenMadeReplacesTheWorkerFromIt() throws IOException {
		Files.createSymbolicLink(jar(), ItSettings.sampleJar());
		ClusterApplication first = start();
		ClusterReport report = first.awaitReady(2);
		assertThat(report.workers()).noneMatch((worker) -> mapsArchive(worker.pid()));
		first.awaitOutput(MADE);
		List<Path> entries = entries();
		assertThat(entries).singleElement().satisfies((entry) -> assertThat(entry.resolve("work")).doesNotExist());
		ClusterReport.WorkerReport replacement = replaceOneOf(first, report);
		assertThat(mapsArchive(replacement.pid())).isTrue();
		assertThat(ProcStatus.commandLine(replacement.pid()))
			.contains(entries.get(0).resolve("application").resolve(JAR_NAME).toString());
		assertThat(first.probe().get("/worker", 20, 2)).allMatch(HttpAnswer::isOk);
		first.signal("TERM");
		first.awaitExit(Duration.ofSeconds(45));
		failToListen();
		ClusterApplication second = start();
		assertThat(second.awaitReady(2).workers()).allMatch((worker) -> mapsArchive(worker.pid()));
		damage(entries.get(0).resolve("classes.jsa"));
		ClusterReport before = second.awaitReady(2);
		replaceOneOf(second, before);
		assertThat(second.awaitReady(2).restarts().total()).isEqualTo(1);
		assertThat(second.output()).doesNotContain("[cds", "[aot", "[warning]", "[error]", "hs_err");
	}

	/**
	 * A pipe that nobody writes to stands for a file system that does not answer.
	 */
	@Test
	void startWhenTheCacheDoesNotAnswerStartsAndReplacesWorkersWithoutIt() throws Exception {
		Files.createSymbolicLink(jar(), ItSettings.sampleJar());
		ClusterApplication first = start();
		first.awaitReady(2);
		first.signal("TERM");
		first.awaitExit(Duration.ofSeconds(45));
		Path key = entries().get(0).resolve("key");
		Files.delete(key);
		assertThat(new ProcessBuilder("mkfifo", key.toString()).start().waitFor()).isZero();
		ClusterApplication second = start();
		replaceOneOf(second, second.awaitReady(2));
		assertThat(second.output()).containsOnlyOnce("the file system with the archives does not answer");
		second.signal("TERM");
		assertThat(second.awaitExit(Duration.ofSeconds(45))).isEqualTo(143);
	}

	/**
	 * Fault A4. The first cache is made as the documentation says, the second without the
	 * options that workers have.
	 */
	@Test
	void startWhenAnAotCacheWasMadeForWorkersUsesItAndAnyOtherIsLeftAside() throws Exception {
		assumeThat(ItSettings.javaFeature()).isGreaterThanOrEqualTo(25);
		Path good = makeAotCache("good", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
				"--enable-native-access=ALL-UNNAMED");
		ClusterApplication first = startWithAotCache(good);
		assertThat(first.awaitReady(1).workers()).allMatch((worker) -> maps(worker.pid(), "good.aot"));
		assertThat(first.output()).doesNotContain("[aot", "do without it");
		ClusterApplication second = startWithAotCache(makeAotCache("bad"));
		assertThat(second.awaitReady(1).workers()).noneMatch((worker) -> maps(worker.pid(), "bad.aot"));
		assertThat(second.output()).containsOnlyOnce("Workers cannot use -XX:AOTCache=").doesNotContain("[aot");
		second.awaitOutput(MADE);
	}

	private Path makeAotCache(String name, String... options) throws IOException, InterruptedException {
		Path file = this.directory.resolve(name + ".aot");
		List<String> command = new ArrayList<>(List.of(ItSettings.java().toString(), "-XX:AOTCacheOutput=" + file));
		command.addAll(List.of(options));
		command.addAll(List.of("-Dspring.context.exit=onRefresh", "-Dcluster.enabled=false", "-jar",
				ExtractedApplication.sample().jar().toString(), "--server.port=0"));
		Path log = ItSettings.directory().resolve("WorkerCacheIT/" + name + ".log");
		Process training = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			assertThat(training.waitFor(2, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			training.destroyForcibly();
		}
		assertThat(file).exists();
		return file;
	}

	private ClusterApplication startWithAotCache(Path file) {
		return this.cluster.application()
			.jar(ExtractedApplication.sample().jar())
			.mayWrite(this.directory)
			.workers(1)
			.cache(cache())
			.args("--cluster.worker.jvm-args=-XX:AOTCache=" + file)
			.start();
	}

	/**
	 * No worker gets ready, which is not the archive's fault.
	 */
	private void failToListen() throws IOException {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			ClusterApplication application = application().port(other.getLocalPort()).start();
			assertThat(application.awaitExit(Duration.ofSeconds(45))).isOne();
			assertThat(application.output()).contains("already in use").doesNotContain("without an archive");
		}
	}

	private ClusterApplication start() {
		return application().start();
	}

	private ClusterApplicationBuilder application() {
		return this.cluster.application().jar(jar()).workers(2).mayWrite(this.directory).cache(cache());
	}

	private Path jar() {
		return this.directory.resolve(JAR_NAME);
	}

	private Path cache() {
		return this.directory.resolve("cache");
	}

	private List<Path> entries() throws IOException {
		try (Stream<Path> entries = Files.list(cache())) {
			return entries.toList();
		}
	}

	private static ClusterReport.WorkerReport replaceOneOf(ClusterApplication application, ClusterReport report) {
		ClusterReport.WorkerReport victim = report.workers().get(0);
		Signals.send("KILL", victim.pid());
		return application.awaitReplacementOf(victim);
	}

	private static boolean mapsArchive(long pid) {
		return maps(pid, "/classes.jsa");
	}

	private static boolean maps(long pid, String file) {
		try {
			return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "maps"))
				.stream()
				.anyMatch((line) -> line.endsWith(file) && !line.contains("/lib/server/"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Change bytes in the midst of a file, which keeps its size and its time, as a disk
	 * does that fails. Live workers have mapped the file, so it is replaced.
	 */
	private static void damage(Path file) throws IOException {
		FileTime time = Files.getLastModifiedTime(file);
		Path copy = Files.copy(file, file.resolveSibling("copy"));
		// the JVM makes an archive that not even its owner can write to
		assertThat(copy.toFile().setWritable(true)).isTrue();
		try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
			for (long position = channel.size() / 10; position < channel.size(); position += channel.size() / 10) {
				channel.write(ByteBuffer.wrap(new byte[] { 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55 }), position);
			}
		}
		Files.setLastModifiedTime(copy, time);
		Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
	}

}
