package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JvmOptions}. The reported lists are those of JDK 17 and 25.
 */
class JvmOptionsTests {

	@TempDir
	Path directory;

	@Test
	void ofWhenOptionsComeFromEverywhereTellsThemApart() {
		RunningJvm jvm = new TestJvm().environment("JAVA_TOOL_OPTIONS", "-Dtool=1 -Xms16m")
			.environment("JDK_JAVA_OPTIONS", "-Djdk=3 --add-opens java.base/java.lang=ALL-UNNAMED")
			.environment("_JAVA_OPTIONS", "-Dunder=2")
			.imageOptions("-Dimage=1 '-Dq=a b'\n")
			.options("+PrintFlags", "MaxHeapSize=64m", "-Dimage=1", "-Dq=a b", "-Dtool=1", "-Xms16m", "-Djdk=3",
					"--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xmx64m", "-XX:Flags=flags", "-Dunder=2")
			.get();
		JvmOptions options = JvmOptions.of(jvm, Map.of());
		assertThat(options.commandLine()).containsExactly("-Xmx64m", "-XX:Flags=flags");
		assertThat(options.implied()).containsExactly("-XX:+PrintFlags", "-XX:MaxHeapSize=64m", "-Dimage=1", "-Dq=a b");
		assertThat(options.options("JAVA_TOOL_OPTIONS")).containsExactly("-Dtool=1", "-Xms16m");
		assertThat(options.options("_JAVA_OPTIONS")).containsExactly("-Dunder=2");
		assertThat(options.effective(List.of("-Dappended=1"))).containsSubsequence("-XX:MaxHeapSize=64m", "-Dimage=1",
				"-Dtool=1", "-Djdk=3", "-Xmx64m", "-Dappended=1", "-Dunder=2");
	}

	@Test
	void ofWhenTheSameOptionIsInTheEnvironmentAndOnTheCommandLineKeepsOne() {
		RunningJvm jvm = new TestJvm().environment("JAVA_TOOL_OPTIONS", "-Da=1")
			.environment("_JAVA_OPTIONS", "-Da=1")
			.options("-Da=1", "-Da=1", "-Da=1")
			.get();
		assertThat(JvmOptions.of(jvm, Map.of()).commandLine()).containsExactly("-Da=1");
	}

	@Test
	void ofWhenTheLauncherKeepsWordsToItselfFindsTheRest() throws IOException {
		Path options = Files.writeString(this.directory.resolve("options"), "-Dargument=1\n-cp x\n-p mods\n");
		RunningJvm jvm = new TestJvm()
			.environment("JDK_JAVA_OPTIONS",
					"-Dj -showversion @" + options + " -mx70m --class-path y --add-modules m -verbosegc")
			.options("-Dj", "-Dargument=1", "--module-path=mods", "-Xmx70m", "--add-modules=m", "-verbose:gc", "-Xss1m")
			.get();
		assertThat(JvmOptions.of(jvm, Map.of()).commandLine()).containsExactly("-Xss1m");
	}

	@Test
	void ofWhenTheEnvironmentNamesAnOptionsFileKnowsWhatIsInIt() throws IOException {
		Path file = Files.writeString(this.directory.resolve("options"), "-Dfile=1 \"-Dq=a b\"\n");
		RunningJvm jvm = new TestJvm().environment("JAVA_TOOL_OPTIONS", "-XX:VMOptionsFile=" + file + " -Dt=1")
			.options("-Dfile=1", "-Dq=a b", "-Dt=1", "-Xss1m")
			.get();
		assertThat(JvmOptions.of(jvm, Map.of()).commandLine()).containsExactly("-Xss1m");
	}

	@Test
	void ofWhenTheLauncherDidNotReadTheVariableKeepsTheCommandLine() {
		RunningJvm jvm = new TestJvm().environment("JDK_JAVA_OPTIONS", "-Da=1").options("-Db=2").get();
		assertThat(JvmOptions.of(jvm, Map.of()).commandLine()).containsExactly("-Db=2");
	}

	@Test
	void ofWhenWorkersHaveAVariableOfTheirOwnTakesItsOptions() {
		RunningJvm jvm = new TestJvm().environment("JAVA_TOOL_OPTIONS", "-Da=1").options("-Da=1", "-Db=2").get();
		JvmOptions options = JvmOptions.of(jvm, Map.of("JAVA_TOOL_OPTIONS", "-Da=9"));
		assertThat(options.commandLine()).containsExactly("-Db=2");
		assertThat(options.effective(List.of())).containsExactly("-Da=9", "-Db=2");
	}

}
