package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A word of an environment variable that has JVM options: an option or part of one, or
 * the name of a file of options, which may be secret.
 *
 * @param word the word
 * @param options the options that it stands for
 */
public record OptionWord(String word, List<String> options) {

	private static final String OPTIONS_FILE = "-XX:VMOptionsFile=";

	/**
	 * Read the words of a variable.
	 * @param variable its name
	 * @param value its value
	 * @return the words
	 */
	static List<OptionWord> parse(String variable, String value) {
		return OptionString.parse(value).stream().map((word) -> of(variable, word)).toList();
	}

	private static OptionWord of(String variable, String word) {
		List<String> arguments = variable.equals(JvmOptions.JDK_JAVA_OPTIONS) ? ArgumentFile.expand(List.of(word))
				: List.of(word);
		return new OptionWord(word, arguments.stream().flatMap(OptionWord::expandOptionsFile).toList());
	}

	private static Stream<String> expandOptionsFile(String option) {
		if (option.startsWith(OPTIONS_FILE)) {
			try {
				byte[] content = Files.readAllBytes(Path.of(option.substring(OPTIONS_FILE.length())));
				return OptionString.parse(new String(content, RunningJvm.nativeCharset())).stream();
			}
			catch (IOException | InvalidPathException ex) {
				return Stream.of(option);
			}
		}
		return Stream.of(option);
	}

	/**
	 * Return whether the options come from a file.
	 * @return whether the word is the name of one that could be read
	 */
	public boolean isFile() {
		return !this.options.equals(List.of(this.word)) && !this.word.startsWith("@@");
	}

	/**
	 * Write other options to a file of the same kind, which only the user can read.
	 * @param file the file
	 * @param options the options
	 * @return the word that names the file
	 * @throws IOException if the file cannot be written
	 */
	public String write(Path file, List<String> options) throws IOException {
		if (this.word.startsWith("@")) {
			ArgumentFile.write(file, options);
			return "@" + file;
		}
		PrivateFile.write(file, List.of(OptionString.format(options)));
		return OPTIONS_FILE + file;
	}

}
