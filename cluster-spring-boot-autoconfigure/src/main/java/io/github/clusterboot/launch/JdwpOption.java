package io.github.clusterboot.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The option that loads the debugger's agent into a JVM.
 *
 * @param agent the agent, with the character that its own options follow
 * @param options the options of the agent
 */
record JdwpOption(String agent, List<String> options) {

	private static final Pattern PATTERN = Pattern
		.compile("(-agentlib:jdwp=|-Xrunjdwp:|-agentpath:[^=]*libjdwp\\.(?:so|dylib)=)(.*)");

	static @Nullable JdwpOption parse(String option) {
		Matcher matcher = PATTERN.matcher(option);
		return matcher.matches() ? new JdwpOption(matcher.group(1), List.of(matcher.group(2).split(","))) : null;
	}

	/**
	 * Return the option for a worker, which does not wait for a debugger and listens on a
	 * port of its own.
	 * @param index the index of the worker
	 * @return the option; {@code null} if the agent dials out, as the debugger waits for
	 * one JVM only
	 */
	@Nullable String forWorker(int index) {
		if (!this.options.contains("server=y")) {
			return null;
		}
		List<String> options = new ArrayList<>();
		for (String option : this.options) {
			if (option.startsWith("address=")) {
				options.add(forWorker(option, index));
			}
			else if (!option.startsWith("suspend=")) {
				options.add(option);
			}
		}
		// Without it the agent would suspend.
		options.add("suspend=n");
		return this.agent + String.join(",", options);
	}

	private static String forWorker(String address, int index) {
		int port = Math.max(address.lastIndexOf(':'), address.indexOf('=')) + 1;
		return address.substring(0, port) + WorkerPort.of(address.substring(port), index);
	}

}
