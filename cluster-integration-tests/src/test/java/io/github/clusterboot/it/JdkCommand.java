package io.github.clusterboot.it;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.springframework.util.Assert;
import org.springframework.util.StreamUtils;

/**
 * Runs the JDK's own commands, of the JDK that the applications under test run on.
 */
final class JdkCommand {

	private JdkCommand() {
	}

	/**
	 * Run {@code jcmd}.
	 * @param pid the id of a JVM's process
	 * @param command what to ask for
	 * @return what it prints
	 */
	static String jcmd(long pid, String command) {
		return run(ItSettings.jdkCommand("jcmd").toString(), String.valueOf(pid), command);
	}

	/**
	 * Run {@code javac}.
	 * @param source the file to compile
	 * @param classPath what it needs
	 * @param directory where its classes are to be
	 */
	static void javac(Path source, List<Path> classPath, Path directory) {
		String joined = classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
		run(ItSettings.jdkCommand("javac").toString(), "-cp", joined, "-d", directory.toString(), source.toString());
	}

	private static String run(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = StreamUtils.copyToString(process.getInputStream(), StandardCharsets.UTF_8);
			Assert.state(process.waitFor() == 0, () -> String.join(" ", command) + " failed:\n" + output);
			return output;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
