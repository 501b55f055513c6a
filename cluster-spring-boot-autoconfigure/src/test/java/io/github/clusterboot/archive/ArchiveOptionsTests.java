package io.github.clusterboot.archive;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ArchiveOptions}.
 */
class ArchiveOptionsTests {

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y", "-javaagent:agent.jar=a", "-Xshare:off",
			"-XX:SharedArchiveFile=app.jsa", "-XX:AOTCache=app.aot", "-XX:AOTMode=off", "-XX:-UseSharedSpaces",
			"-XX:+AutoCreateSharedArchive", "-XX:ArchiveClassesAtExit=app.jsa", "--patch-module=java.base=x.jar",
			"-Djava.system.class.loader=com.example.Loader", "-Xbootclasspath/a:x.jar" })
	void ofWhenAnOptionRulesAnArchiveOutIsNotPossible(String option) {
		assertThat(ArchiveOptions.of(17, List.of("-Xss1m", option)).possible()).isFalse();
	}

	@Test
	void ofWhenNothingRulesItOutKeepsWhatMatters() {
		ArchiveOptions options = ArchiveOptions.of(17, List.of("-Xmx1g", "-Da=b", "-XX:+UseSerialGC", "-Xlog:gc",
				"-XX:ObjectAlignmentInBytes=16", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-Xms1g"));
		assertThat(options.possible()).isTrue();
		assertThat(options.common()).containsExactly("-Xmx1g", "-XX:ObjectAlignmentInBytes=16",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-XX:+UseG1GC");
	}

	@Test
	void ofWhenTheJdkLinksClassesAheadAsksForIt() {
		assertThat(ArchiveOptions.of(25, List.of()).common()).containsExactly("-XX:+UseG1GC", "-XX:+AOTClassLinking");
		assertThat(ArchiveOptions.of(24, List.of()).common()).containsExactly("-XX:+UseG1GC");
	}

	@Test
	void ofWhenTheCollectorReadsNoArchivedObjectsMakesNone() {
		assertThat(ArchiveOptions.of(25, List.of("-XX:+UseZGC")).common()).containsExactly("-XX:+UseZGC");
	}

	@Test
	void toUseKeepsTheJvmSilentInItsOwnWords() {
		Path archive = Path.of("/cache/classes.jsa");
		assertThat(ArchiveOptions.of(17, List.of()).toUse(archive)).contains("-XX:SharedArchiveFile=/cache/classes.jsa")
			.endsWith("-Xlog:cds*=off");
		assertThat(ArchiveOptions.of(25, List.of()).toUse(archive)).endsWith("-Xlog:cds*=off,aot*=off");
	}

	@Test
	void toTryHasNoOptionThatOnlyMakes() {
		assertThat(ArchiveOptions.of(25, List.of()).toTry(Path.of("a"))).contains("-Xshare:on", "-XX:+UseG1GC")
			.doesNotContain("-XX:+AOTClassLinking");
	}

}
