package io.github.clusterboot.launch;

import java.util.List;

/**
 * The part of this process's start that every user of the machine can read: its command
 * line as the kernel has it. Words from an argument file or a configuration file are not
 * there, and may be secret.
 *
 * @param words the words of the command line
 */
record VisibleWords(List<String> words) {

	/**
	 * Return whether arguments can be read there.
	 * @param arguments the arguments
	 * @return whether each of them, or both sides of its first {@code =}, is there: the
	 * JVM reports {@code --add-opens x} as one word
	 */
	boolean show(List<String> arguments) {
		return arguments.stream().allMatch(this::show);
	}

	private boolean show(String argument) {
		if (this.words.stream().anyMatch((word) -> word.contains(argument))) {
			return true;
		}
		int equals = argument.indexOf('=');
		return equals > 0 && this.words.contains(argument.substring(0, equals))
				&& this.words.contains(argument.substring(equals + 1));
	}

}
