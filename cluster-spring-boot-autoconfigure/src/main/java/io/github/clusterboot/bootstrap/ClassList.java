package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The names of the classes that a worker has loaded, as an archive is made of them.
 */
final class ClassList {

	private static final String SOURCE = " source: ";

	private ClassList() {
	}

	/**
	 * Read a JVM's log of {@code class+load} and write the names. Classes that were made
	 * while the application ran have no file to take them from again, and are left out.
	 * @param log the log, without decorations; it may still be written
	 * @param list the file to write
	 * @return how many classes there are
	 * @throws IOException if a file cannot be read or written
	 */
	static int write(Path log, Path list) throws IOException {
		Set<String> names = new LinkedHashSet<>();
		try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
			lines.forEach((line) -> {
				int end = line.indexOf(SOURCE);
				if (end > 0 && !line.startsWith("__", end + SOURCE.length())) {
					add(names, line.substring(0, end));
				}
			});
		}
		Files.write(list, names, StandardCharsets.ISO_8859_1);
		return names.size();
	}

	/**
	 * A hidden class has an address after its name.
	 */
	private static void add(Set<String> names, String name) {
		if (name.indexOf('/') < 0 && name.indexOf(' ') < 0 && !name.contains("$$Lambda") && !name.contains("$Proxy")) {
			names.add(name.replace('.', '/'));
		}
	}

}
