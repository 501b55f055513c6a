package io.github.clusterboot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * Another user of the machine, as whom a test that runs as root starts processes without
 * any capability.
 */
public enum OtherUser {

	/**
	 * The usual user of nobody.
	 */
	NOBODY(65534),

	/**
	 * A user that need not be in any list of users.
	 */
	SECOND(65533);

	private final int id;

	OtherUser(int id) {
		this.id = id;
	}

	public int id() {
		return this.id;
	}

	/**
	 * Skip the test if the build cannot become another user.
	 */
	public static void assumeRoot() throws IOException {
		Assumptions.assumeTrue(Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
				"Only root can start processes as other users");
		Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv(1) is not installed");
	}

	/**
	 * Return what makes a command run as this user.
	 * @return what goes before the command
	 */
	public String[] prefix() {
		return new String[] { "/usr/bin/setpriv", "--reuid", String.valueOf(this.id), "--regid",
				String.valueOf(this.id), "--clear-groups", "--bounding-set=-all", "--inh-caps=-all" };
	}

	/**
	 * Run a shell's command as this user, and wait until it has ended.
	 * @param script the command
	 * @return its exit code, and what it has printed
	 * @throws IOException if it cannot be started
	 */
	public Outcome run(String script) throws IOException {
		List<String> command = new ArrayList<>(List.of(prefix()));
		command.addAll(List.of("sh", "-c", script));
		Process process = new ProcessBuilder(command).directory(new java.io.File("/"))
			.redirectErrorStream(true)
			.start();
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return new Outcome(process.waitFor(), output.trim());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * How a command has ended.
	 *
	 * @param exitCode its exit code
	 * @param output what it has printed
	 */
	public record Outcome(int exitCode, String output) {

	}

}
