package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

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
