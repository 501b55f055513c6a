package io.github.clusterboot.jvm;

import java.util.regex.Pattern;

/**
 * Knows the options that load an agent into a JVM, see "Starting an Agent" in the package
 * {@code java.lang.instrument} and "Agent Command Line Options" of the JVM Tool
 * Interface.
 */
public final class AgentOption {

	private static final Pattern PATTERN = Pattern.compile("(?:-javaagent:|-agentlib:|-agentpath:).*");

	private AgentOption() {
	}

	/**
	 * Return whether an option loads an agent.
	 * @param option the option
	 * @return whether it does
	 */
	public static boolean matches(String option) {
		return PATTERN.matcher(option).matches();
	}

}
