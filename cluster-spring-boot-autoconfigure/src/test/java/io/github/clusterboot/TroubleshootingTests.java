package io.github.clusterboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code docs/troubleshooting.md}: an operator searches it for what the log
 * says.
 */
class TroubleshootingTests {

	private static final Path PAGE = Path.of("../docs/troubleshooting.md");

	private static final Path SOURCES = Path.of("src/main/java");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	/**
	 * What stands between the parts of a line that are put together at run time.
	 */
	private static final Pattern JOINT = Pattern.compile("…|[().]");

	@Test
	void linesOfTheLogAreThoseOfTheCode() throws IOException {
		String sources = sources();
		List<String> lines = linesOfTheLog();
		assertThat(lines).hasSizeGreaterThan(50);
		assertThat(lines.stream().flatMap(JOINT::splitAsStream).map(String::strip).filter((part) -> part.length() > 5))
			.allSatisfy((part) -> assertThat(sources.contains(part.toLowerCase(Locale.ROOT))).as(part).isTrue());
	}

	/**
	 * The first column of each table that is about the log.
	 */
	private static List<String> linesOfTheLog() throws IOException {
		List<String> lines = new ArrayList<>();
		boolean log = false;
		for (String line : Files.readAllLines(PAGE)) {
			if (!line.startsWith("|")) {
				log = false;
			}
			else if (line.startsWith("| the log says |")) {
				log = true;
			}
			else if (log) {
				CODE.matcher(line.split("\\|")[1]).results().map((code) -> code.group(1)).forEach(lines::add);
			}
		}
		return lines;
	}

	/**
	 * The code, with its string literals put together.
	 */
	private static String sources() throws IOException {
		try (Stream<Path> files = Files.walk(SOURCES)) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.map(TroubleshootingTests::read)
				.collect(Collectors.joining())
				.replaceAll("\"\\s*\\+\\s*\"|\\\\\\n\\s*", "")
				.toLowerCase(Locale.ROOT);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
