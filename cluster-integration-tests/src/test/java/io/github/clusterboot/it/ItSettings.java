package io.github.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.util.Assert;

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

}
