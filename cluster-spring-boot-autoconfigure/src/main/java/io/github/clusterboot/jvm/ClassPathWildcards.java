package io.github.clusterboot.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Class paths with {@code directory/*}, which stands for the jars in the directory. The
 * launcher expands them once, but the next release may have other jars there. See
 * "Understanding class path wildcards" in the JDK's manual page of {@code java}.
 */
public final class ClassPathWildcards {

	private static final List<String> OPTIONS = List.of("-cp", "-classpath", "--class-path");

	private static final String LONG_OPTION = "--class-path=";

	private ClassPathWildcards() {
	}

	/**
	 * Return the class path as it was written, if it has wildcards.
	 * @param words the words of a command line ahead of the program
	 * @return the class path, or {@code null} if it has no wildcard or was not given
	 * there
	 */
	static @Nullable String written(List<String> words) {
		String written = null;
		for (int i = 0; i < words.size(); i++) {
			if (words.get(i).startsWith(LONG_OPTION)) {
				written = words.get(i).substring(LONG_OPTION.length());
			}
			else if (OPTIONS.contains(words.get(i)) && i + 1 < words.size()) {
				written = words.get(++i);
			}
		}
		return (written != null && entries(written).stream().anyMatch(ClassPathWildcards::isWildcard)) ? written : null;
	}

	/**
	 * Return the files of a class path as they are now.
	 * @param classPath the class path
	 * @param directory what its entries are relative to
	 * @return the files, those of a wildcard by name
	 * @throws IOException if a directory cannot be read
	 */
	public static List<Path> expand(String classPath, WorkingDirectory directory) throws IOException {
		List<Path> files = new ArrayList<>();
		for (String entry : entries(classPath)) {
			if (isWildcard(entry)) {
				files.addAll(jars(directory.resolve(entry.equals("*") ? "." : entry.substring(0, entry.length() - 1))));
			}
			else {
				files.add(directory.resolve(entry));
			}
		}
		return files;
	}

	private static List<Path> jars(Path directory) throws IOException {
		List<Path> jars = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{jar,JAR}")) {
			files.forEach(jars::add);
		}
		jars.sort(null);
		return jars;
	}

	private static List<String> entries(String classPath) {
		return List.of(classPath.split(File.pathSeparator));
	}

	private static boolean isWildcard(String entry) {
		return entry.equals("*") || entry.endsWith("/*");
	}

}
