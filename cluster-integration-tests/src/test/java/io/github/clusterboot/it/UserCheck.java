package io.github.clusterboot.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.springframework.util.Assert;

/**
 * Finds out, once for each user, whether processes can run as that user and whether this
 * process can look after them. Without it a test would fail much later, or could not fail
 * at all.
 */
final class UserCheck {

	private static final Set<RunAs> checked = EnumSet.noneOf(RunAs.class);

	/**
	 * Prints what cannot be read, then waits.
	 */
	private static final String SCRIPT = """
			for path; do test -r "$path" || echo "$path"; done
			echo end
			read -r line
			""";

	private final RunAs user;

	private UserCheck(RunAs user) {
		this.user = user;
	}

	/**
	 * Fail with a reason unless processes of a user can be tested.
	 * @param user the user
	 */
	static void check(RunAs user) {
		synchronized (checked) {
			if (!checked.contains(user)) {
				new UserCheck(user).run();
				checked.add(user);
			}
		}
	}

	private void run() {
		List<String> script = List.of("sh", "-c", SCRIPT, "sh", ItSettings.java().toString(),
				ItSettings.directory().toString(), ItSettings.testClasses().toString(),
				ItSettings.sampleJar().toString());
		try {
			Process process = start(this.user.command(script));
			try (BufferedReader output = process.inputReader()) {
				List<String> lines = new ArrayList<>();
				for (String line = output.readLine(); line != null && !line.equals("end"); line = output.readLine()) {
					lines.add(line);
				}
				Assert.state(lines.isEmpty(),
						() -> "Processes under test cannot run as " + this.user + ": they cannot read "
								+ String.join(", ", lines) + ". Build where everybody may read (not below a home"
								+ " directory, and with umask 022), or as an ordinary user");
				checkEnvironmentOf(process.pid());
			}
			finally {
				process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process start(List<String> command) {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			throw new IllegalStateException("Root builds, and processes under test are not to run as root:"
					+ " that takes setpriv, of the package util-linux. Or build as an ordinary user", ex);
		}
	}

	/**
	 * {@link ProcessMark} would find no process.
	 */
	private void checkEnvironmentOf(long pid) throws IOException {
		try {
			Files.readAllBytes(Path.of("/proc", String.valueOf(pid), "environ"));
		}
		catch (AccessDeniedException ex) {
			throw new IllegalStateException("Processes that run as " + this.user + " cannot be looked after: it takes"
					+ " CAP_SYS_PTRACE to see their environment. Build with it, or as an ordinary user", ex);
		}
	}

}
