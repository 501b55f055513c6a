package io.github.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter as others get it: deployed to a repository in a folder, from which an
 * application outside this build takes it. Part of the long run, since two builds are run
 * for it; {@code PublicationTests} checks in every build what can be read in the POMs.
 */
@Tag("one-jdk")
@EnabledIfSystemProperty(named = "it.long", matches = "true",
		disabledReason = "two builds take a minute, see CONTRIBUTING.md")
class PublishedStarterIT {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final List<String> JARS = List.of("cluster-spring-boot-autoconfigure",
			"cluster-spring-boot-starter");

	private static final List<String> POMS = List.of("cluster-spring-boot-bom", "cluster-spring-boot-parent");

	private static MavenRun maven;

	private static Path repository;

	@RegisterExtension
	private final ClusterExtension cluster = new ClusterExtension();

	/**
	 * Deploys a copy of what is published: other tests run from the classes of this
	 * build.
	 */
	@BeforeAll
	static void publish() throws IOException {
		Path directory = ItSettings.directory().resolve(PublishedStarterIT.class.getSimpleName());
		FileSystemUtils.deleteRecursively(directory);
		maven = new MavenRun(Files.createDirectories(directory));
		repository = directory.resolve("repository");
		Path source = directory.resolve("source");
		copyPoms(ROOT, source);
		for (String name : List.of("LICENSE", ".mvn", JARS.get(0) + "/src/main")) {
			FileSystemUtils.copyRecursively(ROOT.resolve(name), source.resolve(name));
		}
		maven.run(source, "-Ppublish", "-Dmaven.test.skip=true", "-Dspring-javaformat.skip=true",
				"-Dspring-boot.repackage.skip=true", "-Dexec.skip=true", "-Dmaven.install.skip=true",
				"-Dmaven.repo.local=" + maven.localRepository(),
				"-DaltDeploymentRepository=folder::" + repository.toUri(), "deploy");
	}

	/**
	 * The whole reactor, so that each module has to know whether it is published.
	 */
	private static void copyPoms(Path module, Path target) throws IOException {
		Files.createDirectories(target);
		Files.copy(module.resolve("pom.xml"), target.resolve("pom.xml"));
		try (Stream<Path> files = Files.list(module)) {
			for (Path child : files.filter((file) -> Files.exists(file.resolve("pom.xml"))).toList()) {
				copyPoms(child, target.resolve(child.getFileName()));
			}
		}
	}

	@Test
	void deployWhenModulesAreForUsersDeploysThemAlone() throws IOException {
		Path group = repository.resolve("io/github/clusterboot");
		assertThat(names(group))
			.containsExactlyInAnyOrderElementsOf(Stream.of(JARS, POMS).flatMap(List::stream).toList());
		for (String module : JARS) {
			assertThat(names(group.resolve(module + "/" + MavenRun.version()))).as(module)
				.anyMatch((name) -> name.endsWith("-sources.jar"))
				.anyMatch((name) -> name.endsWith("-javadoc.jar"))
				.anyMatch((name) -> name.matches(module + "-[0-9.]+(-[0-9.]+-[0-9]+)?\\.jar"));
		}
	}

	@Test
	void applicationOutsideTheBuildRunsAsACluster() throws IOException {
		Path directory = maven.directory().resolve("app");
		Path local = maven.directory().resolve("local");
		FileSystemUtils.copyRecursively(Path.of("src/test/published-app"), directory);
		maven.usePluginsOfTheBuild(directory.resolve("pom.xml"), ROOT.resolve("pom.xml"));
		maven.run(directory, "-s", maven.settings(repository).toString(), "-Dmaven.repo.local=" + local,
				"-Dspring-boot.version=" + MavenRun.springBootVersion(), "-Dcluster.version=" + MavenRun.version(),
				"-Dmaven.test.skip=true", "package");
		assertThat(origins(local)).isNotEmpty().allMatch((line) -> line.endsWith(">" + MavenRun.PUBLISHED + "="));

		ClusterApplication application = this.cluster.application()
			.jar(directory.resolve("target/shop-1.0.jar"))
			.workers(2)
			.args("--management.endpoints.web.exposure.include=cluster")
			.start();
		application.awaitReady(2);
		assertThat(application.probe().get("/role").text()).isEqualTo("WORKER");
		application.signal("TERM");
		assertThat(application.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	/**
	 * Where Maven has got each file of ours from, as it notes that down itself.
	 */
	private static List<String> origins(Path local) throws IOException {
		try (Stream<Path> files = Files.walk(local.resolve("io/github/clusterboot"))) {
			List<Path> notes = files.filter((file) -> file.endsWith("_remote.repositories")).toList();
			assertThat(notes).hasSize(JARS.size() + POMS.size());
			return notes.stream().flatMap(MavenRun::lines).filter((line) -> !line.startsWith("#")).toList();
		}
	}

	private static List<String> names(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

}
