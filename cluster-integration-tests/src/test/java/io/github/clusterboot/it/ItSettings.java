package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import com.sun.management.OperatingSystemMXBean;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * What the build tells the tests, by system properties.
 */
final class ItSettings {

	private ItSettings() {
	}

	/**
	 * Return the {@code java} that runs the applications under test.
	 * @return the executable of the JDK at {@code it.java.home}, by default the JDK that
	 * the tests run on
	 */
	static Path java() {
		String home = System.getProperty("it.java.home", System.getProperty("java.home"));
		Path java = Path.of(home, "bin", "java");
		Assert.state(Files.isExecutable(java), () -> "No java at " + java + ", see -Dit.java.home");
		return java;
	}

	/**
	 * Return another command of the same JDK.
	 * @param name the name of the command
	 * @return the executable
	 */
	static Path jdkCommand(String name) {
		Path command = java().resolveSibling(name);
		Assert.state(Files.isExecutable(command), () -> "No " + command + ": a JDK is needed");
		return command;
	}

	/**
	 * Return the version of the JDK that runs the applications under test.
	 * @return the feature number
	 */
	static int javaFeature() {
		Path release = java().getParent().resolveSibling("release");
		try {
			return Files.readAllLines(release)
				.stream()
				.filter((line) -> line.startsWith("JAVA_VERSION="))
				.map((line) -> Runtime.Version.parse(line.replaceAll("JAVA_VERSION=|\"", "")).feature())
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the classes of these tests, some of which are applications.
	 * @return the directory of the classes
	 */
	static Path testClasses() {
		try {
			return Path.of(ItSettings.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the packaged sample application.
	 * @return the path of the jar
	 */
	static Path sampleJar() {
		String jar = System.getProperty("it.sample.jar");
		Assert.state(jar != null, "'it.sample.jar' is not set: run the tests with mvn verify");
		Path path = Path.of(jar).normalize();
		Assert.state(Files.isRegularFile(path), () -> "No sample application at " + path + ": run mvn verify");
		return path;
	}

	/**
	 * Return where output files go.
	 * @return a directory under {@code target}
	 */
	static Path directory() {
		return Path.of(System.getProperty("it.directory", "target/it")).toAbsolutePath();
	}

	/**
	 * Return whether the tests under load are to take their time, by
	 * {@code -Dit.long=true}.
	 * @return whether this is the long run
	 */
	static boolean isLong() {
		return Boolean.getBoolean("it.long");
	}

	/**
	 * Return how long the clients of a load pause between requests. In the short run they
	 * leave more of the processors to the workers that start meanwhile, which is what
	 * such a test waits for.
	 * @param shortRun the mean pause in the short run, in milliseconds
	 * @return that, or 100 ms in the long run
	 */
	static Duration pause(long shortRun) {
		return Duration.ofMillis(isLong() ? 100 : shortRun);
	}

	/**
	 * Return how much memory the JVMs see.
	 * @return the machine's memory, or the container's limit
	 */
	static DataSize memory() {
		return DataSize.ofBytes(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize());
	}

}
