package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.springframework.util.Assert;
import org.springframework.util.FileSystemUtils;

/**
 * The sample application as {@code -Djarmode=tools extract} lays it out: a small jar
 * beside the libraries that its manifest names. Made once for all tests.
 */
final class ExtractedSample {

	private static final ExtractedSample INSTANCE = extract();

	private final Path directory;

	private ExtractedSample(Path directory) {
		this.directory = directory;
	}

	static ExtractedSample get() {
		return INSTANCE;
	}

	private static ExtractedSample extract() {
		Path jar = ItSettings.sampleJar();
		Path directory = ItSettings.directory().resolve("extracted");
		Path log = ItSettings.directory().resolve("extract.log");
		List<String> command = List.of(ItSettings.java().toString(), "-Djarmode=tools", "-jar", jar.toString(),
				"extract", "--destination", directory.toString());
		try {
			FileSystemUtils.deleteRecursively(directory);
			Files.createDirectories(ItSettings.directory());
			int code = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start()
				.waitFor();
			Assert.state(code == 0, () -> "The sample application could not be extracted, see " + log);
			return new ExtractedSample(directory);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
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
		return this.directory.resolve(ItSettings.sampleJar().getFileName());
	}

	/**
	 * Return what {@code -cp} needs to run the application without a manifest.
	 * @return the small jar and all libraries, by a wildcard that the JVM expands
	 */
	List<Path> classPath() {
		return List.of(jar(), this.directory.resolve("lib/*"));
	}

}
