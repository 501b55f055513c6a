package io.github.clusterboot.os;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NativeLibraryDirectory}.
 */
class NativeLibraryDirectoryTests {

	/**
	 * A look at a directory takes more descriptors with any JDK. With JDK 25 three are
	 * enough.
	 */
	private static final int TOO_FEW = 2;

	private static final int KILLED = 128 + 9;

	@TempDir
	Path directory;

	@BeforeEach
	void resolveLinks() throws IOException {
		this.directory = this.directory.toRealPath();
	}

	@Test
	void alternativesAreTheServicesAndTheUsersOwn() {
		assertThat(NativeLibraryDirectory.alternatives(Map.of("RUNTIME_DIRECTORY", "/run/a:/run/b"), "/home/shop"))
			.containsExactly(Path.of("/run/a"), Path.of("/run/b"), Path.of("/tmp"),
					Path.of("/home/shop/.cache/cluster-spring-boot"));
		assertThat(NativeLibraryDirectory.alternatives(Map.of(), "?")).containsExactly(Path.of("/tmp"));
	}

	/**
	 * Fault F9.
	 */
	@ParameterizedTest
	@CsvSource({ "full,No space left on device", "read-only,Read-only file system", "noexec,mounted noexec" })
	void chooseWhenThereIsNoOtherDirectorySaysWhatIsWrong(String kind, String reason) throws Exception {
		Path open = Files.createDirectory(this.directory.resolve("open"));
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThat(load(kind, open))
			.isEqualTo("[" + this.directory + "/tmp: " + reason + ", Other users can write to " + open + "]");
		assertThat(open).isEmptyDirectory();
	}

	/**
	 * Fault F9.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "full", "read-only", "noexec", "missing" })
	void chooseWhenThereIsAnotherDirectoryLoadsFromThere(String kind) throws Exception {
		Path other = this.directory.resolve("other");
		assertThat(load(kind, other)).isEqualTo("loaded from " + other);
		assertThat(other).isEmptyDirectory();
	}

	/**
	 * How many descriptors are left decides what fails: the file is not created, or it is
	 * and a class of the JDK that needs two more cannot be initialized.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4 })
	void chooseWithoutDescriptorsLeavesNothingAndSaysWhatIsWrong(int left) throws Exception {
		Process process = new ProcessBuilder("sh", "-c", "ulimit -n 100 && exec \"$0\" \"$@\"",
				ProcessHandle.current().info().command().orElseThrow(), "-XX:-UsePerfData",
				"-Djava.io.tmpdir=" + this.directory, "-cp", System.getProperty("java.class.path"),
				Exhausted.class.getName(), String.valueOf(left))
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		assertThat(process.waitFor()).as(output).isZero();
		assertThat(this.directory).isEmptyDirectory();
		if (left <= TOO_FEW || !output.equals("[]")) {
			assertThat(output).startsWith("[" + this.directory + ": ")
				.contains("Too many open files")
				.doesNotContain("\n");
		}
	}

	/**
	 * The file that a directory is tried with has no name by then. That the JVM changes a
	 * file's permissions shows that it has made the file.
	 */
	@Test
	void chooseWhenKilledWhileItTriesADirectoryLeavesNothing() throws Exception {
		Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace(1) is not installed");
		Process process = new ProcessBuilder("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=?chmod,fchmodat",
				"-e", "inject=?chmod,fchmodat:signal=SIGKILL", ProcessHandle.current().info().command().orElseThrow(),
				"-XX:-UsePerfData", "-Djava.io.tmpdir=" + this.directory, "-cp", System.getProperty("java.class.path"),
				Loader.class.getName(), this.directory.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		assertThat(process.waitFor()).as(output).isEqualTo(KILLED);
		assertThat(this.directory).isEmptyDirectory();
	}

	/**
	 * Load the library in a JVM whose directory for temporary files is of a kind.
	 */
	private String load(String kind, Path alternative) throws Exception {
		OtherUser.assumeRoot();
		Path temporary = Files.createDirectory(this.directory.resolve("tmp"));
		String mount = switch (kind) {
			case "full" ->
				"mount -t tmpfs -o size=16k,mode=1777 tmpfs \"$0\" && dd if=/dev/zero of=\"$0\"/fill bs=16k count=1";
			case "read-only" -> "mount -t tmpfs -o ro tmpfs \"$0\"";
			case "noexec" -> "mount -t tmpfs -o noexec,mode=1777 tmpfs \"$0\"";
			default -> "rmdir \"$0\"";
		};
		Process process = new ProcessBuilder("unshare", "-m", "sh", "-c", mount + " && exec \"$@\"",
				temporary.toString(), ProcessHandle.current().info().command().orElseThrow(), "-XX:-UsePerfData",
				"-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"), Loader.class.getName(),
				alternative.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		Assumptions.assumeFalse(output.contains("unshare failed") || output.contains("permission denied"),
				"This machine lets nobody mount anything: " + output);
		assertThat(process.waitFor()).as(output).isZero();
		return output.lines().reduce((first, last) -> last).orElse("");
	}

	/**
	 * Loads the library and prints the directory that it came from.
	 */
	static final class Loader {

		private Loader() {
		}

		public static void main(String[] args) {
			List<String> problems = NativeLibraryDirectory.choose(List.of(Path.of(args[0])));
			try {
				NativeTransport.current().ensureAvailability();
				System.out.println("loaded from " + System.getProperty(NativeLibraryDirectory.PROPERTY));
			}
			catch (LinkageError ex) {
				System.out.println(problems);
			}
		}

	}

	/**
	 * Looks for a directory when hardly a descriptor is left.
	 */
	static final class Exhausted {

		private Exhausted() {
		}

		public static void main(String[] args) throws Exception {
			// neither the class path nor the JDK's library for files can be opened later
			Class.forName(NativeLibraryDirectory.class.getName());
			Class.forName(FileFailure.class.getName());
			Files.exists(Path.of("/"));
			Deque<InputStream> open = new ArrayDeque<>();
			try {
				while (true) {
					open.add(new FileInputStream("/dev/null"));
				}
			}
			catch (FileNotFoundException ex) {
				for (int i = 0; i < Integer.parseInt(args[0]); i++) {
					open.remove().close();
				}
			}
			System.out.println(NativeLibraryDirectory.choose(List.of()));
		}

	}

}
