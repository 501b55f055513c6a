package io.github.clusterboot.launch;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.clusterboot.jvm.WorkingDirectory;

/**
 * The ports of the JVM's agent for remote management.
 */
final class JmxPorts {

	private static final Pattern PORT = Pattern
		.compile("(-Dcom\\.sun\\.management\\.jmxremote\\.(?:port|rmi\\.port|local\\.port)=)(\\d+)");

	private static final String CONFIG_FILE = "-Dcom.sun.management.config.file=";

	private static final List<String> PROPERTIES = List.of("com.sun.management.jmxremote.port",
			"com.sun.management.jmxremote.rmi.port", "com.sun.management.jmxremote.local.port");

	private JmxPorts() {
	}

	static String forWorker(String option, int index) {
		Matcher matcher = PORT.matcher(option);
		return matcher.matches() ? matcher.group(1) + WorkerPort.of(matcher.group(2), index) : option;
	}

	/**
	 * Return the options that a worker needs because the agent's configuration file names
	 * ports. System properties have precedence over that file.
	 * @param options all options of the JVM
	 * @param index the index of the worker
	 * @param directory the worker's directory
	 * @return the additional options
	 */
	static List<String> configured(List<String> options, int index, WorkingDirectory directory) {
		List<String> additional = new ArrayList<>();
		Properties configuration = configuration(options, directory);
		for (String property : PROPERTIES) {
			String port = configuration.getProperty(property);
			String option = "-D" + property + "=";
			if (port != null && options.stream().noneMatch((candidate) -> candidate.startsWith(option))) {
				additional.add(option + WorkerPort.of(port.trim(), index));
			}
		}
		return additional;
	}

	private static Properties configuration(List<String> options, WorkingDirectory directory) {
		Properties configuration = new Properties();
		for (String option : options) {
			if (option.startsWith(CONFIG_FILE)) {
				configuration.clear();
				try (Reader reader = Files
					.newBufferedReader(directory.resolve(option.substring(CONFIG_FILE.length())))) {
					configuration.load(reader);
				}
				catch (IOException | InvalidPathException ex) {
					// The JVM's own agent tells the user.
				}
			}
		}
		return configuration;
	}

}
