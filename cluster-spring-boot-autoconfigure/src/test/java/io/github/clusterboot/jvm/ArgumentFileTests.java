package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ArgumentFile} and {@link ArgumentFileParser}. That the java launcher
 * reads what is written is shown by {@code JvmWorkerCommandLaunchTests}.
 */
class ArgumentFileTests {

	@TempDir
	Path directory;

	@Test
	void quoteWhenPlainIsTheSame() {
		assertThat(ArgumentFile.quote("-Dspring.config=a/b-c:d,e;f+g@h%i_j*k!l~m")).doesNotContain("\"");
	}

	@Test
	void quoteWhenParsedAgainIsTheSame() {
		List<String> arguments = List.of("", " ", "a b", "#c", "d#e", "'f'", "\"g\"", "h\\i", "j\nk\rl\tm\fn", "@o",
				"$p", "ü");
		String content = arguments.stream().map(ArgumentFile::quote).collect(Collectors.joining(" "));
		assertThat(new ArgumentFileParser(content).parse()).isEqualTo(arguments);
	}

	@Test
	void parseWhenWrittenByHandFollowsTheLauncher() {
		String content = """
				# comment
				-cp "a b;\\
				    c" -Dx='y "z"' # another
				d\\e Main
				""";
		assertThat(new ArgumentFileParser(content).parse()).containsExactly("-cp", "a b;c", "-Dx=y \"z\"", "d\\e",
				"Main");
	}

	@Test
	void writeWhenFileExistsReplacesItForTheOwnerOnly() throws IOException {
		Path file = Files.writeString(this.directory.resolve("args"), "old");
		ArgumentFile.write(file, List.of("-cp", "a b"));
		assertThat(Files.readAllLines(file)).containsExactly("-cp", "\"a b\"");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
	}

	/**
	 * On other systems only root may set the bit.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void writeSetsTheStickyBitSoThatCleanersLeaveTheFileAlone() throws IOException {
		Path file = this.directory.resolve("args");
		ArgumentFile.write(file, List.of("Main"));
		assertThat((int) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(01600);
	}

	@Test
	void expandWhenFilesAreNamedPutsTheirArgumentsThere() throws IOException {
		Path file = Files.writeString(this.directory.resolve("args"), "-cp x @y");
		assertThat(ArgumentFile.expand(List.of("java", "@" + file, "@@z", "@", "@none", "Main")))
			.containsExactly("java", "-cp", "x", "@y", "@z", "@", "@none", "Main");
	}

	@Test
	void expandWhenDirectoryIsGivenFindsFilesThere() throws IOException {
		Files.writeString(this.directory.resolve("args"), "-cp x");
		WorkingDirectory workingDirectory = new WorkingDirectory(this.directory);
		assertThat(ArgumentFile.expand(List.of("@args", "@@z", "Main"), workingDirectory)).containsExactly("-cp", "x",
				"@z", "Main");
		assertThatIOException().isThrownBy(() -> ArgumentFile.expand(List.of("@none"), workingDirectory))
			.withMessageStartingWith("cannot read the argument file none: ");
	}

}
