package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * A packaged application as {@code -Djarmode=tools extract} lays it out: a small jar
 * beside the libraries that its manifest names. Made once for all tests, with an archive
 * of its classes that halves what a start costs; test processes share it.
 */
final class ExtractedApplication {

	/**
	 * From here on the JVM only takes an archive that was made with the same
	 * {@code --add-opens}, which masters and workers do not have in common.
	 */
	private static final int FIRST_WITHOUT_ARCHIVE = 24;

	private static final Map<Path, ExtractedApplication> made = new ConcurrentHashMap<>();

	private final Path directory;

	private final Path jar;

	private ExtractedApplication(Path directory, Path jar) {
		this.directory = directory;
		this.jar = jar;
	}

	static ExtractedApplication sample() {
		return of(ItSettings.sampleJar());
	}

	/**
	 * Return a packaged application in its extracted form.
	 * @param jar the path of the executable jar
	 * @return the application
	 */
	static ExtractedApplication of(Path jar) {
		return made.computeIfAbsent(jar, ExtractedApplication::extractOnce);
	}

	private static ExtractedApplication extractOnce(Path jar) {
		String name = jar.getFileName().toString();
		Path parent = ItSettings.directory().resolve("extracted");
		Path directory = parent.resolve(name.replaceFirst("\\.jar$", ""));
		ExtractedApplication application = new ExtractedApplication(directory, directory.resolve(name));
		try {
			Files.createDirectories(parent);
			try (FileChannel lock = FileChannel.open(parent.resolve(name + ".lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE)) {
				lock.lock();
				application.makeUnlessMadeFrom(jar);
			}
			return application;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void makeUnlessMadeFrom(Path source) throws IOException {
		Path stamp = this.directory.resolve("made-from");
		String origin = "%s of %s, %d bytes, for %s".formatted(source, Files.getLastModifiedTime(source),
				Files.size(source), ItSettings.java());
		if (Files.exists(stamp) && Files.readString(stamp).equals(origin)) {
			return;
		}
		FileSystemUtils.deleteRecursively(this.directory);
		run("extract", List.of("-Djarmode=tools", "-jar", source.toString(), "extract", "--destination",
				this.directory.toString()));
		Path archive = archive();
		if (archive != null) {
			List<String> options = new ArrayList<>(ClusterApplicationBuilder.SMALL_JVM);
			options.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Dspring.context.exit=onRefresh", "-jar",
					this.jar.toString(), "--cluster.enabled=false", "--server.port=0"));
			run("archive", options);
		}
		Files.writeString(stamp, origin);
	}

	private void run(String what, List<String> arguments) throws IOException {
		Path log = Path.of(this.directory + "." + what + ".log");
		List<String> command = new ArrayList<>(List.of(ItSettings.java().toString()));
		command.addAll(arguments);
		try {
			int code = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start()
				.waitFor();
			Assert.state(code == 0, () -> "Exit code " + code + ", see " + log);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the small jar.
	 * @return the path of the jar
	 */
	Path jar() {
		return this.jar;
	}

	/**
	 * Return the archive of the application's classes, which the JVM takes for a class
	 * path that begins with the small jar.
	 * @return the path of the archive, or {@code null} if this JDK takes none
	 */
	@Nullable Path archive() {
		return (ItSettings.javaFeature() < FIRST_WITHOUT_ARCHIVE) ? this.directory.resolve("classes.jsa") : null;
	}

	/**
	 * Return the libraries that the small jar's manifest names.
	 * @return the paths of the jars
	 */
	List<Path> libraries() {
		try (Stream<Path> files = Files.list(this.directory.resolve("lib"))) {
			return files.sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what {@code -cp} needs to run the application without a manifest.
	 * @return the small jar and all libraries, by a wildcard that the JVM expands
	 */
	List<Path> classPath() {
		return List.of(this.jar, this.directory.resolve("lib/*"));
	}

}
