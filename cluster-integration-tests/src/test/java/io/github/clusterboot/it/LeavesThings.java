package io.github.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An application that ends and leaves a process and a file behind.
 */
final class LeavesThings {

	private LeavesThings() {
	}

	public static void main(String[] args) throws Exception {
		new ProcessBuilder("sleep", "60").start();
		Files.createFile(Path.of(System.getProperty("java.io.tmpdir"), "left"));
	}

}
