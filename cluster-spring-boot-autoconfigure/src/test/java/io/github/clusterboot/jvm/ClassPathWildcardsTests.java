package io.github.clusterboot.jvm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClassPathWildcards}. Fault F5, for class paths.
 */
class ClassPathWildcardsTests {

	@TempDir
	private Path directory;

	@Test
	void writtenReturnsTheLastClassPathIfItHasAWildcard() {
		assertThat(ClassPathWildcards.written(List.of("-Da=1", "-cp", "a.jar", "-classpath", "a.jar:lib/*")))
			.isEqualTo("a.jar:lib/*");
		assertThat(ClassPathWildcards.written(List.of("--class-path=*"))).isEqualTo("*");
		assertThat(ClassPathWildcards.written(List.of("-cp", "lib/*", "-cp", "a.jar"))).isNull();
		assertThat(ClassPathWildcards.written(List.of("-Dcp=lib/*", "-cp"))).isNull();
	}

	@Test
	void expandReturnsTheJarsThatAreThereNow() throws Exception {
		Path lib = Files.createDirectories(this.directory.resolve("lib"));
		for (String name : List.of("b.jar", "a.JAR", "c.txt")) {
			Files.createFile(lib.resolve(name));
		}
		assertThat(ClassPathWildcards.expand("app.jar:lib/*", new WorkingDirectory(this.directory)))
			.containsExactly(this.directory.resolve("app.jar"), lib.resolve("a.JAR"), lib.resolve("b.jar"));
	}

	@Test
	void launchWhenTheClassPathHasAWildcardKeepsIt() throws Exception {
		RunningJvm jvm = new TestJvm().launched("Main -cp x/*", "app.jar:lib/a.jar")
			.commandLine("java", "-cp", "app.jar:lib/*", "Main", "-cp", "x/*")
			.get();
		assertThat(LaunchCommand.of(jvm, new String[] { "-cp", "x/*" }).classPath()).containsExactly("-cp",
				"app.jar:lib/*");
	}

}
