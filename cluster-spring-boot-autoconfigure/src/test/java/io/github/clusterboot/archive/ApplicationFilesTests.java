package io.github.clusterboot.archive;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ApplicationFiles}.
 */
class ApplicationFilesTests {

	private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

	private static final String TOOLS = "BOOT-INF/lib/spring-boot-jarmode-tools-4.1.1.jar";

	@TempDir
	Path directory;

	@Test
	void ofWhenTheJarIsExecutableChangesWithItsContent() throws Exception {
		Path jar = jar("app.jar", Map.of("Main-Class", LAUNCHER), TOOLS, "a");
		FileTime time = Files.getLastModifiedTime(jar);
		ApplicationFiles before = of(jar);
		assertThat(before.executableJar()).isEqualTo(jar);
		assertThat(before.classPath()).isEqualTo(jar.toString());
		assertThat(of(jar)).isEqualTo(before);
		jar("app.jar", Map.of("Main-Class", LAUNCHER), TOOLS, "b");
		Files.setLastModifiedTime(jar, time);
		assertThat(of(jar).fingerprint()).isNotEqualTo(before.fingerprint());
	}

	@Test
	void ofWhenTheJarCannotBeExtractedFails() throws Exception {
		Path withoutTools = jar("app.jar", Map.of("Main-Class", LAUNCHER));
		assertThatIOException().isThrownBy(() -> of(withoutTools)).withMessageContaining("tools");
		Path properties = jar("properties.jar",
				Map.of("Main-Class", "org.springframework.boot.loader.launch.PropertiesLauncher"), TOOLS);
		assertThatIOException().isThrownBy(() -> of(properties)).withMessageContaining("PropertiesLauncher");
		Path agent = jar("agent.jar", Map.of("Main-Class", LAUNCHER, "Launcher-Agent-Class", "Agent"), TOOLS);
		assertThatIOException().isThrownBy(() -> of(agent)).withMessageContaining("agent");
	}

	@Test
	void ofWhenTheManifestNamesLibrariesChangesWithThem() throws Exception {
		Path library = jar("a b.jar", Map.of());
		Path jar = jar("app.jar", Map.of("Main-Class", "Main", "Class-Path", "a%20b.jar"));
		ApplicationFiles before = of(jar);
		assertThat(before.executableJar()).isNull();
		Files.setLastModifiedTime(library, FileTime.fromMillis(0));
		assertThat(of(jar)).isNotEqualTo(before);
	}

	@Test
	void ofWhenTheClassPathHasAFolderOrAGapFails() throws Exception {
		Path jar = jar("app.jar", Map.of());
		assertThat(ofClassPath(jar).fingerprint()).hasSize(1);
		assertThatIOException().isThrownBy(() -> ofClassPath(jar, this.directory))
			.withMessageContaining("is not a jar");
		assertThatIOException().isThrownBy(() -> ofClassPath(jar, this.directory.resolve("missing.jar")));
	}

	@Test
	void ofWhenALauncherIsGivenByNameFails() {
		LaunchCommand launch = new LaunchCommand(Path.of("java"), List.of("-cp", "app.jar"), List.of(LAUNCHER),
				List.of(), WorkingDirectory.INHERITED);
		assertThatIOException().isThrownBy(() -> ApplicationFiles.of(launch)).withMessageContaining(LAUNCHER);
	}

	private static ApplicationFiles of(Path jar) throws IOException {
		return ApplicationFiles.of(new LaunchCommand(Path.of("java"), List.of(), List.of("-jar", jar.toString()),
				List.of(), WorkingDirectory.INHERITED));
	}

	private static ApplicationFiles ofClassPath(Path... entries) throws IOException {
		String classPath = String.join(File.pathSeparator, List.of(entries).stream().map(Path::toString).toList());
		return ApplicationFiles.of(new LaunchCommand(Path.of("java"), List.of("-cp", classPath), List.of("Main"),
				List.of(), WorkingDirectory.INHERITED));
	}

	private Path jar(String name, Map<String, String> attributes, String... entries) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		attributes.forEach(manifest.getMainAttributes()::putValue);
		Path jar = this.directory.resolve(name);
		try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
			for (String entry : entries) {
				output.putNextEntry(new JarEntry(entry));
			}
		}
		return jar;
	}

}
