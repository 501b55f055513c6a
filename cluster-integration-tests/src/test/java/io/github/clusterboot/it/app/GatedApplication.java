package io.github.clusterboot.it.app;

import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.boot.SpringApplication;

/**
 * The sample application, whose {@code main} method waits for a file first, so that a
 * test can get ready for the master's start. Workers find the file.
 */
public final class GatedApplication {

	private static final String SAMPLE = "io.github.clusterboot.sample.SampleApplication";

	private static final long POLL_MILLIS = 20;

	private GatedApplication() {
	}

	public static void main(String[] args) throws InterruptedException, ClassNotFoundException {
		Path gate = Path.of(System.getProperty("it.gate"));
		if (Files.notExists(gate)) {
			System.out.println("The main method waits for " + gate);
		}
		while (Files.notExists(gate)) {
			Thread.sleep(POLL_MILLIS);
		}
		SpringApplication.run(Class.forName(SAMPLE), args);
	}

}
