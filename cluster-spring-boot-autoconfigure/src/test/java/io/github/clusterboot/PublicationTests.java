package io.github.clusterboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what public repositories ask of a POM, and for what is deployed there. That
 * the starter can be used from a repository is the subject of {@code PublishedStarterIT},
 * in the long run.
 */
class PublicationTests {

	private static final Path ROOT = Path.of("..");

	private static final List<String> PUBLISHED = List.of("cluster-spring-boot-autoconfigure",
			"cluster-spring-boot-bom", "cluster-spring-boot-starter");

	private static final XPath XPATH = XPathFactory.newInstance().newXPath();

	@ParameterizedTest
	@ValueSource(strings = { ".", "cluster-spring-boot-bom" })
	void pomWhenItHasNoParentSaysWhatRepositoriesAskFor(String directory) throws Exception {
		Document pom = pom(ROOT.resolve(directory));
		assertThat(List.of("name", "description", "url", "licenses/license/name", "licenses/license/url",
				"developers/developer/name", "scm/connection", "scm/developerConnection", "scm/url"))
			.allSatisfy((path) -> assertThat(value(pom, path)).as(path).isNotBlank());
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster-spring-boot-autoconfigure", "cluster-spring-boot-starter" })
	void pomWhenItHasAParentSaysWhatItIs(String directory) throws Exception {
		Document pom = pom(ROOT.resolve(directory));
		assertThat(value(pom, "name")).isNotBlank();
		assertThat(value(pom, "description")).isNotBlank();
	}

	@Test
	void bomNamesEveryOtherPublishedModuleInTheVersionOfTheParent() throws Exception {
		Document bom = pom(ROOT.resolve("cluster-spring-boot-bom"));
		assertThat(value(bom, "version")).isEqualTo(value(pom(ROOT), "version"));
		assertThat(value(bom, "count(dependencyManagement/dependencies/dependency)"))
			.isEqualTo(String.valueOf(PUBLISHED.size() - 1));
		assertThat(PUBLISHED).filteredOn((module) -> !module.endsWith("-bom"))
			.allSatisfy((module) -> assertThat(
					value(bom, "dependencyManagement/dependencies/dependency[artifactId='" + module + "']/version"))
				.isEqualTo("${project.version}"));
	}

	/**
	 * A module says so itself, or the one above it does.
	 */
	@Test
	void modulesWhenTheyAreNotForUsersAreNotDeployed() throws Exception {
		List<Path> modules = modulesBelow(ROOT);
		assertThat(modules).hasSizeGreaterThan(PUBLISHED.size() + 5)
			.allSatisfy((module) -> assertThat(isDeployed(module)).as(module.toString())
				.isEqualTo(PUBLISHED.contains(module.getFileName().toString())));
	}

	private static List<Path> modulesBelow(Path module) throws Exception {
		List<Path> modules = new ArrayList<>();
		try (Stream<Path> files = Files.list(module)) {
			for (Path child : files.filter((file) -> Files.exists(file.resolve("pom.xml"))).toList()) {
				modules.add(child);
				modules.addAll(modulesBelow(child));
			}
		}
		return modules;
	}

	private static boolean isDeployed(Path module) throws Exception {
		String skip = value(pom(module), "properties/maven.deploy.skip");
		Path above = module.resolveSibling("pom.xml");
		if (skip.isEmpty() && !module.getParent().equals(ROOT) && Files.exists(above)) {
			return isDeployed(module.getParent());
		}
		return !skip.equals("true");
	}

	@Test
	void typesThatApplicationsNameSaySinceWhen() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("src/main/java/io/github/clusterboot"))) {
			List<Path> types = files
				.filter((file) -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
				.toList();
			assertThat(types).hasSizeGreaterThan(5)
				.allSatisfy((type) -> assertThat(Files.readString(type))
					.containsPattern("\n \\* @since \\d+\\.\\d+\\.\\d+\n"));
		}
	}

	private static Document pom(Path module) throws Exception {
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(module.resolve("pom.xml").toFile());
	}

	private static String value(Document pom, String path) throws Exception {
		return XPATH
			.evaluate(path.startsWith("count(") ? path.replace("count(", "count(/project/") : "/project/" + path, pom);
	}

}
