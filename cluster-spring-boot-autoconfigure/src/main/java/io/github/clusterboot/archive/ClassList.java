package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The list of the classes that a worker has loaded, from which an archive is made.
 */
final class ClassList {

	private ClassList() {
	}

	/**
	 * Copy a list that a JVM still writes to ({@code -XX:DumpLoadedClassList}), as far as
	 * its lines are complete: half a line may keep an archive from being made.
	 * @param written the list
	 * @param copy the file to write
	 * @throws IOException if a file cannot be read or written
	 */
	static void copy(Path written, Path copy) throws IOException {
		byte[] content = Files.readAllBytes(written);
		int end = content.length;
		while (end > 0 && content[end - 1] != '\n') {
			end--;
		}
		Files.write(copy, Arrays.copyOf(content, end));
	}

}
