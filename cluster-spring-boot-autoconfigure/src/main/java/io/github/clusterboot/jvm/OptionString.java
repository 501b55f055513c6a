package io.github.clusterboot.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A line of JVM options as in {@code JAVA_TOOL_OPTIONS}: options are separated by white
 * space, quotes of either kind keep white space together, and nothing can be escaped.
 * <p>
 * HotSpot reads {@code JAVA_TOOL_OPTIONS}, {@code _JAVA_OPTIONS} and the file of
 * {@code -XX:VMOptionsFile} in this way ({@code Arguments::parse_options_buffer}), and
 * the java launcher {@code JDK_JAVA_OPTIONS} ({@code JLI_AddArgsFromEnvVar}).
 */
public final class OptionString {

	private OptionString() {
	}

	static List<String> parse(String line) {
		List<String> options = new ArrayList<>();
		StringBuilder option = new StringBuilder();
		boolean inOption = false;
		char quote = 0;
		for (char ch : line.toCharArray()) {
			if (quote != 0 && ch != quote) {
				option.append(ch);
			}
			else if (quote != 0) {
				quote = 0;
			}
			else if (isSpace(ch)) {
				addIf(inOption, options, option);
				inOption = false;
			}
			else {
				inOption = true;
				if (ch == '\'' || ch == '"') {
					quote = ch;
				}
				else {
					option.append(ch);
				}
			}
		}
		addIf(inOption, options, option);
		return options;
	}

	private static void addIf(boolean inOption, List<String> options, StringBuilder option) {
		if (inOption) {
			options.add(option.toString());
			option.setLength(0);
		}
	}

	/**
	 * Write options as one line.
	 * @param options the options
	 * @return the line, which {@link #parse} reads
	 */
	public static String format(List<String> options) {
		return options.stream().map(OptionString::quote).collect(Collectors.joining(" "));
	}

	private static String quote(String option) {
		if (!option.isEmpty() && option.chars().noneMatch((ch) -> isSpace(ch) || ch == '"' || ch == '\'')) {
			return option;
		}
		StringBuilder quoted = new StringBuilder();
		int start = 0;
		do {
			int end = endOfQuotable(option, start);
			char quote = (option.substring(start, end).indexOf('"') < 0) ? '"' : '\'';
			quoted.append(quote).append(option, start, end).append(quote);
			start = end;
		}
		while (start < option.length());
		return quoted.toString();
	}

	/**
	 * Find how far the option can be written within one kind of quotes.
	 */
	private static int endOfQuotable(String option, int start) {
		int doubleQuote = option.indexOf('"', start);
		int singleQuote = option.indexOf('\'', start);
		return (doubleQuote < 0 || singleQuote < 0) ? option.length() : Math.max(doubleQuote, singleQuote);
	}

	private static boolean isSpace(int ch) {
		return ch == ' ' || (ch >= '\t' && ch <= '\r');
	}

}
