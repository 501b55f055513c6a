package io.github.clusterboot.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Reads the text of an {@link ArgumentFile} as {@code nextToken} in the launcher's
 * {@code args.c} does.
 */
final class ArgumentFileParser {

	private final String content;

	private final List<String> arguments = new ArrayList<>();

	private final StringBuilder argument = new StringBuilder();

	private boolean inArgument;

	private char quote;

	private int position;

	ArgumentFileParser(String content) {
		this.content = content;
	}

	List<String> parse() {
		while (this.position < this.content.length()) {
			char ch = this.content.charAt(this.position++);
			if (this.quote != 0) {
				quoted(ch);
			}
			else {
				unquoted(ch);
			}
		}
		endArgument();
		return this.arguments;
	}

	private void unquoted(char ch) {
		if (isSpace(ch)) {
			endArgument();
		}
		else if (ch == '#') {
			endArgument();
			skipWhile((next) -> next != '\n' && next != '\r');
		}
		else {
			this.inArgument = true;
			if (ch == '"' || ch == '\'') {
				this.quote = ch;
			}
			else {
				this.argument.append(ch);
			}
		}
	}

	private void quoted(char ch) {
		if (ch == this.quote) {
			this.quote = 0;
		}
		else if (ch == '\\' && this.position < this.content.length()) {
			escaped(this.content.charAt(this.position++));
		}
		else {
			this.argument.append(ch);
		}
	}

	private void escaped(char ch) {
		switch (ch) {
			case 'n' -> this.argument.append('\n');
			case 'r' -> this.argument.append('\r');
			case 't' -> this.argument.append('\t');
			case 'f' -> this.argument.append('\f');
			case '\n', '\r' -> skipWhile(ArgumentFileParser::isSpace);
			default -> this.argument.append(ch);
		}
	}

	private void skipWhile(IntPredicate skipped) {
		while (this.position < this.content.length() && skipped.test(this.content.charAt(this.position))) {
			this.position++;
		}
	}

	private void endArgument() {
		if (this.inArgument) {
			this.arguments.add(this.argument.toString());
			this.argument.setLength(0);
			this.inArgument = false;
		}
	}

	private static boolean isSpace(int ch) {
		return ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t' || ch == '\f';
	}

}
