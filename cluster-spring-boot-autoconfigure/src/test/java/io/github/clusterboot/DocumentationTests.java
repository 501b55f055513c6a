package io.github.clusterboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@code CONTRIBUTING.md} and {@code docs} name of the code: a renaming
 * has to reach the pages, too.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

	private static final Pattern WORD = Pattern.compile("[\\w…]++");

	/**
	 * Tests, which are named in many pages.
	 */
	private static final Pattern TEST = Pattern.compile("[A-Z]\\w*(?:Tests|[a-z0-9]IT)|[a-z][\\w…]*When[A-Z…][\\w…]*");

	/**
	 * Types, which have two words in their names more often than not.
	 */
	private static final Pattern TYPE = Pattern.compile("(?:[A-Z][a-z0-9]+){2,}");

	private static final Pattern DECLARATION = Pattern
		.compile("\\b(?:class|interface|record|enum|@interface|void) (\\w+)");

	/**
	 * Named by pages for maintainers, and not by our code.
	 */
	private static final Set<String> OF_OTHERS = Set.of("ApplicationReadyEvent", "BackgroundCompilation", "TestTimes",
			"NettyServerCustomizer");

	private static Set<String> declared = Set.of();

	private static Set<String> words = Set.of();

	@BeforeAll
	static void readSources() throws IOException {
		String sources = sources();
		declared = DECLARATION.matcher(sources).results().map((name) -> name.group(1)).collect(Collectors.toSet());
		words = WORD.matcher(sources).results().map(MatchResult::group).collect(Collectors.toSet());
	}

	@ParameterizedTest
	@MethodSource("pages")
	void testsThatArePromisedExist(Path page) throws IOException {
		assertThat(codeIn(page).filter(TEST.asMatchPredicate()).filter((test) -> !isDeclared(test))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("pagesForMaintainers")
	void typesThatAreNamedExist(Path page) throws IOException {
		assertThat(codeIn(page).filter(TYPE.asMatchPredicate())
			.filter((type) -> !words.contains(type) && !OF_OTHERS.contains(type))).isEmpty();
	}

	/**
	 * What the other tests look for is found at all.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "docs/security.md", "docs/internals/surroundings.md" })
	void testsAreNamedByThePagesThatPromiseSomething(String page) throws IOException {
		assertThat(codeIn(ROOT.resolve(page)).filter(TEST.asMatchPredicate())).hasSizeGreaterThan(20);
	}

	static List<Path> pages() throws IOException {
		try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
			return Stream.concat(files, Stream.of(ROOT.resolve("CONTRIBUTING.md")))
				.filter((file) -> file.toString().endsWith(".md"))
				.sorted()
				.toList();
		}
	}

	static List<Path> pagesForMaintainers() throws IOException {
		return pages().stream()
			.filter((page) -> page.endsWith("CONTRIBUTING.md") || page.getParent().endsWith("internals"))
			.toList();
	}

	/**
	 * The words of what is marked as code, but for names of which a part is left out.
	 */
	private static Stream<String> codeIn(Path page) throws IOException {
		return CODE.matcher(Files.readString(page))
			.results()
			.map((code) -> code.group(1))
			.filter((code) -> !code.contains("<") && !code.contains("*"))
			.flatMap((code) -> WORD.matcher(code).results())
			.map(MatchResult::group);
	}

	private static boolean isDeclared(String name) {
		Pattern pattern = Pattern.compile(name.replace("…", "\\w*"));
		return declared.stream().anyMatch(pattern.asMatchPredicate());
	}

	private static String sources() throws IOException {
		try (Stream<Path> modules = Files.list(ROOT)) {
			return modules.map((module) -> module.resolve("src"))
				.filter(Files::isDirectory)
				.flatMap(DocumentationTests::javaFilesIn)
				.map(DocumentationTests::read)
				.collect(Collectors.joining("\n"));
		}
	}

	private static Stream<Path> javaFilesIn(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
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
