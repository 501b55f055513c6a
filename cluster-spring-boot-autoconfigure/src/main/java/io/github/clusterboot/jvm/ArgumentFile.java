package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.github.clusterboot.os.FileFailure;

/**
 * A file of arguments for the java launcher ({@code java @file}), which may be longer
 * than the kernel allows a command line to be.
 * <p>
 * The format is that of "java Command-Line Argument Files" in the JDK's manual page of
 * {@code java}: white space separates, quotes of either kind keep together, a backslash
 * within quotes escapes, {@code #} begins a comment. An argument {@code @other} within a
 * file is taken as it is.
 */
public final class ArgumentFile {

	private static final Pattern PLAIN = Pattern.compile("[\\p{Alnum}/.,:;=+@%_*!~-]+");

	private ArgumentFile() {
	}

	/**
	 * Write the arguments to a file that only the user can read. A file that exists is
	 * replaced.
	 * @param file the file
	 * @param arguments the arguments
	 * @throws IOException if the file cannot be written
	 */
	public static void write(Path file, List<String> arguments) throws IOException {
		PrivateFile.write(file, arguments.stream().map(ArgumentFile::quote).toList());
	}

	static String quote(String argument) {
		if (PLAIN.matcher(argument).matches()) {
			return argument;
		}
		StringBuilder quoted = new StringBuilder("\"");
		for (char ch : argument.toCharArray()) {
			switch (ch) {
				case '\n' -> quoted.append("\\n");
				case '\r' -> quoted.append("\\r");
				case '\t' -> quoted.append("\\t");
				case '\f' -> quoted.append("\\f");
				case '\\', '"' -> quoted.append('\\').append(ch);
				default -> quoted.append(ch);
			}
		}
		return quoted.append('"').toString();
	}

	/**
	 * Replace each argument {@code @file} by the arguments in the file, as the java
	 * launcher does. An argument whose file cannot be read stays.
	 * @param arguments arguments ahead of the main class
	 * @return the arguments with those of the files
	 */
	static List<String> expand(List<String> arguments) {
		List<String> expanded = new ArrayList<>();
		for (String argument : arguments) {
			try {
				expanded.addAll(expand(argument, WorkingDirectory.INHERITED));
			}
			catch (IOException ex) {
				expanded.add(argument);
			}
		}
		return expanded;
	}

	/**
	 * Replace each argument {@code @file} by the arguments in the file, as the launcher
	 * of a process does that is started in a directory.
	 * @param arguments arguments ahead of the main class
	 * @param directory the directory
	 * @return the arguments with those of the files
	 * @throws IOException if a file cannot be read
	 */
	public static List<String> expand(List<String> arguments, WorkingDirectory directory) throws IOException {
		List<String> expanded = new ArrayList<>();
		for (String argument : arguments) {
			expanded.addAll(expand(argument, directory));
		}
		return expanded;
	}

	private static List<String> expand(String argument, WorkingDirectory directory) throws IOException {
		if (argument.startsWith("@@")) {
			return List.of(argument.substring(1));
		}
		return (argument.startsWith("@") && argument.length() > 1) ? read(argument.substring(1), directory)
				: List.of(argument);
	}

	private static List<String> read(String name, WorkingDirectory directory) throws IOException {
		try {
			byte[] content = Files.readAllBytes(directory.resolve(name));
			return new ArgumentFileParser(new String(content, RunningJvm.nativeCharset())).parse();
		}
		catch (IOException | InvalidPathException ex) {
			throw new IOException("cannot read the argument file " + name + ": " + FileFailure.describe(ex), ex);
		}
	}

}
