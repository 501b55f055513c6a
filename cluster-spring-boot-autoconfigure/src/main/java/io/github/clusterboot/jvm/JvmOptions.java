package io.github.clusterboot.jvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The options of a JVM, told apart by where the JVM has them from.
 * <p>
 * HotSpot reports all of its options as one list, in the order in which it reads them:
 * the flags of {@code -XX:Flags} files (without {@code -XX:}), the options built into its
 * image, {@code JAVA_TOOL_OPTIONS}, the command line, which the java launcher begins with
 * {@code JDK_JAVA_OPTIONS}, and {@code _JAVA_OPTIONS}; see {@code Arguments::parse} in
 * its {@code arguments.cpp}. A {@code -XX:VMOptionsFile} is reported as the options in
 * the file, and an option of the launcher that takes its value from the next word
 * ({@code --add-opens x}) as one word ({@code --add-opens=x}).
 *
 * @param implied the options that every JVM of this image, or with these options, has
 * without being given them
 * @param commandLine the options that came from the command line
 * @param environment the words that a worker's JVM takes from its environment, by the
 * name of the variable
 */
public record JvmOptions(List<String> implied, List<String> commandLine, Map<String, List<OptionWord>> environment) {

	static final String JAVA_TOOL_OPTIONS = "JAVA_TOOL_OPTIONS";

	static final String JDK_JAVA_OPTIONS = "JDK_JAVA_OPTIONS";

	static final String JAVA_OPTIONS = "_JAVA_OPTIONS";

	/**
	 * The environment variables from which a JVM or its launcher takes options.
	 */
	public static final List<String> VARIABLES = List.of(JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS, JAVA_OPTIONS);

	/**
	 * Tell the JVM's options apart.
	 * @param jvm the JVM
	 * @param workerEnvironment the variables that differ in the workers' environment
	 * @return the options
	 */
	public static JvmOptions of(RunningJvm jvm, Map<String, String> workerEnvironment) {
		List<String> flags = jvm.inputArguments().stream().filter((option) -> !option.startsWith("-")).toList();
		List<String> options = new ArrayList<>(jvm.inputArguments());
		options.removeAll(flags);
		List<String> imageOptions = OptionString.parse(jvm.imageOptions());
		removeFromStart(options, imageOptions);
		removeFromStart(options, options(words(JAVA_TOOL_OPTIONS, jvm.environment())));
		removeFromStart(options, options(words(JDK_JAVA_OPTIONS, jvm.environment())));
		removeFromEnd(options, options(words(JAVA_OPTIONS, jvm.environment())));
		Map<String, List<OptionWord>> environment = new LinkedHashMap<>();
		for (String variable : VARIABLES) {
			environment.put(variable,
					words(variable, workerEnvironment.containsKey(variable) ? workerEnvironment : jvm.environment()));
		}
		List<String> implied = Stream.concat(flags.stream().map("-XX:"::concat), imageOptions.stream()).toList();
		return new JvmOptions(implied, List.copyOf(options), environment);
	}

	private static List<OptionWord> words(String variable, Map<String, String> environment) {
		return OptionWord.parse(variable, environment.getOrDefault(variable, ""));
	}

	private static List<String> options(List<OptionWord> words) {
		return words.stream().map(OptionWord::options).flatMap(List::stream).toList();
	}

	/**
	 * Not every word of a variable is reported by the JVM: the launcher keeps some, the
	 * class path for instance. So a word that does not come next is passed over.
	 */
	private static void removeFromStart(List<String> options, List<String> words) {
		for (int i = 0; i < words.size() && !options.isEmpty(); i++) {
			if (isReportOf(options.get(0), words, i)) {
				options.remove(0);
			}
		}
	}

	private static void removeFromEnd(List<String> options, List<String> words) {
		for (int i = words.size() - 1; i >= 0 && !options.isEmpty(); i--) {
			if (isReportOf(options.get(options.size() - 1), words, i)) {
				options.remove(options.size() - 1);
			}
		}
	}

	/**
	 * The launcher's old spellings of options are from {@code ParseArguments} in its
	 * {@code java.c}.
	 */
	private static boolean isReportOf(String option, List<String> words, int index) {
		String word = words.get(index);
		if (option.equals(word)) {
			return true;
		}
		String next = (index + 1 < words.size()) ? words.get(index + 1) : "";
		return switch (word) {
			case "-p" -> option.equals("--module-path=" + next);
			case "-verbosegc" -> option.equals("-verbose:gc");
			case "-debug", "-noclassgc" -> option.equals("-X" + word.substring(1));
			default -> {
				boolean oldSize = word.matches("-(ms|mx|ss)\\d.*");
				yield oldSize ? option.equals("-X" + word.substring(1))
						: (word.startsWith("--") && option.equals(word + "=" + next));
			}
		};
	}

	/**
	 * Return all options of a worker's JVM in the order in which it reads them, so that
	 * of two that contradict each other the later one holds.
	 * @param appended options that are appended to those of the command line
	 * @return the options
	 */
	public List<String> effective(List<String> appended) {
		return Stream
			.of(this.implied, options(JAVA_TOOL_OPTIONS), options(JDK_JAVA_OPTIONS), this.commandLine, appended,
					options(JAVA_OPTIONS))
			.flatMap(List::stream)
			.toList();
	}

	/**
	 * Return what workers have from the command line and the environment.
	 * @return the options
	 */
	public Stream<String> inherited() {
		return Stream.concat(this.commandLine.stream(),
				this.environment.values().stream().map(JvmOptions::options).flatMap(List::stream));
	}

	/**
	 * Return what workers have from a variable.
	 * @param variable its name
	 * @return the options
	 */
	List<String> options(String variable) {
		return options(this.environment.getOrDefault(variable, List.of()));
	}

}
