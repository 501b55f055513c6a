package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LaunchCommand}.
 */
class LaunchCommandTests {

	@TempDir
	Path directory;

	@Test
	void ofWhenMainClassHasClassPath() throws RelaunchException {
		LaunchCommand command = of(new TestJvm().launched("com.example.Main a b", "classes:lib/*"), "a", "b");
		assertThat(command.java()).isExecutable();
		assertThat(command.classPath()).containsExactly("-cp", "classes:lib/*");
		assertThat(command.program()).containsExactly("com.example.Main");
		assertThat(command.arguments()).containsExactly("a", "b");
	}

	@Test
	void ofWhenJarHasBlanksInItsPath() throws RelaunchException {
		LaunchCommand command = of(new TestJvm().launched("my dir/app x.jar a b", "my dir/app x.jar"), "a", "b");
		assertThat(command.classPath()).isEmpty();
		assertThat(command.program()).containsExactly("-jar", "my dir/app x.jar");
		assertThat(command.arguments()).containsExactly("a", "b");
	}

	@Test
	void ofWhenMainClassIsNamedLikeItsDirectory() throws RelaunchException {
		String name = this.directory.toString();
		assertThat(of(new TestJvm().launched(name, name)).program()).containsExactly(name);
	}

	@Test
	void ofWhenArgumentsAgreeTakesThemAsTheyAre() throws RelaunchException {
		assertThat(of(new TestJvm().launched("Main  a b \"c\" ", "."), "", "a b", "\"c\"", "").arguments())
			.containsExactly("", "a b", "\"c\"", "");
		assertThat(of(new TestJvm().launched("Main ", "."), "").arguments()).containsExactly("");
		assertThat(of(new TestJvm().launched("Main", ".")).arguments()).isEmpty();
	}

	@Test
	void ofWhenArgumentsWereChangedTakesThoseOfTheCommandLine() throws RelaunchException {
		TestJvm jvm = new TestJvm().launched("Main a b  Main", ".")
			.commandLine("java", "-DMain", "-cp", ".", "Main", "a b", "", "Main");
		assertThat(of(jvm, "--other").arguments()).containsExactly("a b", "", "Main");
	}

	@Test
	void ofWhenTheCommandLineIsAnArgumentFileTakesThoseInTheFile() throws RelaunchException, IOException {
		Path file = Files.writeString(this.directory.resolve("args"), "-cp . Main \"a b\"");
		TestJvm jvm = new TestJvm().launched("Main a b c", ".").commandLine("java", "@" + file, "c");
		assertThat(of(jvm).arguments()).containsExactly("a b", "c");
	}

	@Test
	void ofWhenNothingElseIsKnownSplitsAtBlanks() throws RelaunchException {
		assertThat(of(new TestJvm().launched("Main a  b", ".").commandLine("launcher")).arguments())
			.containsExactly("a", "", "b");
		assertThat(of(new TestJvm().launched("Main", "."), "--added").arguments()).isEmpty();
	}

	@Test
	void ofWhenLaunchedInAWayThatCannotBeRepeatedFails() {
		assertFails(new TestJvm().launched("m/p.Main", "").property("jdk.module.main", "m"), "module path");
		assertFails(new TestJvm().launched("jdk.compiler/com.sun.tools.javac.launcher.Main Main.java", "."),
				"source file");
		assertFails(new TestJvm().launched("jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher Main.java", "."),
				"source file");
		assertFails(new TestJvm().property("org.graalvm.nativeimage.imagecode", "runtime"), "native image");
		assertFails(new TestJvm().withoutProperty("sun.java.command"), "main class");
		assertFails(new TestJvm().property("java.home", this.directory.toString()), "no java binary");
	}

	private static void assertFails(TestJvm jvm, String reason) {
		assertThatExceptionOfType(RelaunchException.class).isThrownBy(() -> of(jvm))
			.withMessageContaining(reason)
			.satisfies((ex) -> assertThat(ex.getAction()).contains("cluster.enabled").endsWith("."));
	}

	private static LaunchCommand of(TestJvm jvm, String... arguments) throws RelaunchException {
		return LaunchCommand.of(jvm.get(), arguments);
	}

}
