package io.github.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.springframework.util.Assert;

/**
 * The servers that there is a test application for.
 */
enum TestServer {

	TOMCAT("server.tomcat.max-connections"),

	JETTY("server.jetty.max-connections"),

	NETTY(null);

	private final String connectionLimit;

	TestServer(String connectionLimit) {
		this.connectionLimit = connectionLimit;
	}

	/**
	 * Return the packaged test application.
	 * @return the path of the jar
	 */
	Path jar() {
		return jar("");
	}

	/**
	 * Return the packaged test application on Spring Boot 4.0.
	 * @return the path of the jar
	 */
	Path jarOnSpringBoot40() {
		return jar("-boot-4.0");
	}

	/**
	 * Return the packaged test application with WebFlux, where {@link #jar()} has Spring
	 * MVC.
	 * @return the path of the jar
	 */
	Path jarOnReactiveStack() {
		return jar("-reactive");
	}

	private Path jar(String variant) {
		String jar = System.getProperty("it.test-app.jar");
		Assert.state(jar != null, "'it.test-app.jar' is not set: run the tests with mvn verify");
		Path path = Path.of(jar.replace("SERVER", name().toLowerCase(Locale.ROOT) + variant)).normalize();
		Assert.state(Files.isRegularFile(path), () -> "No test application at " + path + ": run mvn verify");
		return path;
	}

	/**
	 * Return the property that limits how many connections the server has.
	 * @return the name, or {@code null} if it has none
	 */
	String connectionLimit() {
		return this.connectionLimit;
	}

}
