package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.springframework.util.Assert;

/**
 * Runs builds with the Maven that runs this one.
 *
 * @param directory where settings and logs go
 */
record MavenRun(Path directory) {

	/**
	 * The id of the repository that is a folder.
	 */
	static final String PUBLISHED = "published";

	/**
	 * Return the version of what this build builds.
	 * @return the version of the project
	 */
	static String version() {
		return property("it.version");
	}

	static String springBootVersion() {
		return property("it.spring-boot.version");
	}

	/**
	 * Return where this build keeps what it has downloaded.
	 * @return the directory of the local repository
	 */
	Path localRepository() {
		return Path.of(property("it.maven.repository"));
	}

	private static String property(String name) {
		String value = System.getProperty(name);
		Assert.state(value != null, () -> "'" + name + "' is not set: run the tests with mvn verify");
		return value;
	}

	/**
	 * Build a project, and wait for the end.
	 * @param project the directory of the project
	 * @param arguments what follows {@code mvn}
	 * @throws IOException if Maven cannot be run
	 */
	void run(Path project, String... arguments) throws IOException {
		Path log = this.directory.resolve(project.getFileName() + ".log");
		List<String> command = new ArrayList<>(List.of(property("it.maven.home") + "/bin/mvn", "-B", "-ntp"));
		command.addAll(Arrays.asList(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(project.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile());
		builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
		// It would name this build's directory.
		builder.environment().remove("MAVEN_PROJECTBASEDIR");
		Process process = builder.start();
		try {
			Assert.state(process.waitFor(5, TimeUnit.MINUTES), () -> "Maven has not ended, see " + log);
			Assert.state(process.exitValue() == 0, () -> "Maven has failed, see " + log);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

	/**
	 * Write settings with which our modules come from a folder, and everything else from
	 * what this build has downloaded.
	 * @param published the folder
	 * @return the path of the settings
	 * @throws IOException if they cannot be written
	 */
	Path settings(Path published) throws IOException {
		String others = repository("central", localRepository(), false);
		String text = """
				<settings>
					<profiles>
						<profile>
							<id>folders</id>
							<repositories>%s%s</repositories>
							<pluginRepositories>%s</pluginRepositories>
						</profile>
					</profiles>
					<activeProfiles>
						<activeProfile>folders</activeProfile>
					</activeProfiles>
				</settings>
				""".formatted(repository(PUBLISHED, published, true), others,
				others.replace("repository>", "pluginRepository>"));
		return Files.writeString(this.directory.resolve("settings.xml"), text);
	}

	private static String repository(String id, Path folder, boolean snapshots) {
		return """
				<repository>
					<id>%s</id>
					<url>%s</url>
					<releases><checksumPolicy>ignore</checksumPolicy></releases>
					<snapshots><enabled>%s</enabled></snapshots>
				</repository>""".formatted(id, folder.toUri(), snapshots);
	}

	/**
	 * Give a project the versions of the plugins of this build, as those have been
	 * downloaded.
	 * @param pom the POM of the project, with a comment in their place
	 * @param ofTheBuild the POM of this build
	 * @throws IOException if one of the two cannot be read or written
	 */
	void usePluginsOfTheBuild(Path pom, Path ofTheBuild) throws IOException {
		String build = Files.readString(ofTheBuild);
		String end = "</pluginManagement>";
		String plugins = build.substring(build.indexOf("<pluginManagement>"), build.indexOf(end) + end.length());
		String text = Files.readString(pom);
		Files.writeString(pom, text.replace("<!-- pluginManagement -->", plugins));
	}

	static Stream<String> lines(Path file) {
		try {
			return Files.readAllLines(file).stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
