package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * A copy of the JDK that runs the applications under test, which can be replaced and
 * removed.
 *
 * @param home the directory of the copy
 */
record JdkCopy(Path home) {

	private static final Set<String> LEFT_OUT = Set.of("src.zip", "ct.sym", "classlist", "jmods", "man", "legal",
			"docs", "include", "demo");

	/**
	 * Make a copy.
	 * @param home the directory of the copy, which is replaced
	 * @return the copy
	 * @throws IOException if it cannot be made
	 */
	static JdkCopy of(Path home) throws IOException {
		FileSystemUtils.deleteRecursively(home);
		Path original = ItSettings.java().getParent().getParent();
		List<Path> files;
		try (Stream<Path> walk = Files.walk(original, FileVisitOption.FOLLOW_LINKS)) {
			files = walk.filter((file) -> isNeeded(original.relativize(file))).filter(Files::isRegularFile).toList();
		}
		for (Path file : files) {
			Path copy = home.resolve(original.relativize(file).toString());
			Files.createDirectories(copy.getParent());
			Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
		}
		return new JdkCopy(home);
	}

	private static boolean isNeeded(Path file) {
		for (Path name : file) {
			if (LEFT_OUT.contains(name.toString())) {
				return false;
			}
		}
		return true;
	}

	Path java() {
		return this.home.resolve("bin/java");
	}

	/**
	 * Put another build's helper for starting processes there, as a package update does.
	 * It refuses to work for a JVM of this build.
	 * @throws IOException if that fails
	 */
	void replaceHelper() throws IOException {
		Path helper = this.home.resolve("lib/jspawnhelper");
		Path next = Files.copy(Path.of("/bin/false"), helper.resolveSibling("next"));
		Files.move(next, helper, StandardCopyOption.ATOMIC_MOVE);
	}

	void remove() throws IOException {
		FileSystemUtils.deleteRecursively(this.home);
	}

}
