package io.github.clusterboot.master;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Builds the command lines of JVMs that start fast. Their class path has what the master
 * and the link to it need and nothing of Spring, so that they also show that neither
 * needs it.
 */
public final class ChildJvm {

	/**
	 * System property that names the archive of loaded classes that children start from.
	 * They hand it on to their own.
	 */
	static final String ARCHIVE = "plain.archive";

	/**
	 * See JEP 472.
	 */
	private static final int FIRST_TO_WARN_OF_NATIVE_ACCESS = 24;

	private static final Pattern NEEDED = Pattern
		.compile("/(test-)?classes(/|\\.jar)?$|/(netty-|jackson-|commons-logging|jspecify)[^/]*\\.jar$");

	private ChildJvm() {
	}

	/**
	 * Return the command that runs a class of the tests.
	 * @param main the class
	 * @param options options of the JVM
	 * @param arguments arguments of the class
	 * @return the command
	 */
	public static List<String> command(Class<?> main, List<String> options, String... arguments) {
		String archive = System.getProperty(ARCHIVE);
		if (archive == null) {
			return command(classPath(), null, main, options, arguments);
		}
		List<String> handedOn = new ArrayList<>(options);
		handedOn.add("-D" + ARCHIVE + "=" + archive);
		return command(classPath(), Path.of(archive), main, handedOn, arguments);
	}

	/**
	 * The JVM does not log: JDK 25 would tell of an archive that was made without one of
	 * the options.
	 */
	public static List<String> command(String classPath, Path archive, Class<?> main, List<String> options,
			String... arguments) {
		List<String> command = new ArrayList<>(ProcFs.HEEDING_SIGNALS);
		command.addAll(List.of(java(), "-Xshare:auto", "-Xlog:disable", "-XX:TieredStopAtLevel=1",
				"-XX:CompileThresholdScaling=3", "-XX:+UseSerialGC", "-Xmx128m",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
				"-Djava.util.logging.SimpleFormatter.format=%1$tT.%1$tL %4$s %5$s%6$s%n"));
		if (Runtime.version().feature() >= FIRST_TO_WARN_OF_NATIVE_ACCESS) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		if (archive != null) {
			command.add("-XX:SharedArchiveFile=" + archive);
		}
		command.addAll(options);
		command.addAll(List.of("-cp", classPath, main.getName()));
		command.addAll(List.of(arguments));
		return command;
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	static String classPath() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> NEEDED.matcher(entry).find())
			.collect(Collectors.joining(File.pathSeparator));
	}

}
