package io.github.clusterboot.archive;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.RelaunchException;
import io.github.clusterboot.jvm.RunningJvm;
import io.github.clusterboot.jvm.TestJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerCacheChoice}.
 */
class WorkerCacheChoiceTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "off", "OFF", "false" })
	void ofWhenOffHasNone(String setting) throws Exception {
		WorkerCacheChoice choice = of(setting);
		assertThat(choice.cache()).isNull();
		assertThat(choice.warnings()).isEmpty();
	}

	@Test
	void ofWhenAFolderIsGivenUsesIt() throws Exception {
		Path folder = this.directory.resolve("archives");
		WorkerCacheChoice choice = of(folder.toString());
		assertThat(choice.cache()).isNotNull();
		assertThat(choice.warnings()).isEmpty();
		assertThat(folder).isDirectory();
		choice.close();
	}

	@Test
	void ofWhenTheGivenFolderCannotBeUsedWarns() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		WorkerCacheChoice choice = of(file.toString());
		assertThat(choice.cache()).isNull();
		assertThat(choice.warnings()).singleElement().asString().contains(file.toString(), "cluster.worker.cache");
	}

	@Test
	void ofWhenAnOptionRulesItOutHasNoneAndTouchesNothing() throws Exception {
		Path folder = this.directory.resolve("archives");
		WorkerCacheChoice choice = of(folder.toString(), "-javaagent:agent.jar");
		assertThat(choice.cache()).isNull();
		assertThat(choice.warnings()).isEmpty();
		assertThat(folder).doesNotExist();
	}

	private static WorkerCacheChoice of(String setting, String... options) throws RelaunchException {
		RunningJvm jvm = new TestJvm().property("java.vm.name", "OpenJDK 64-Bit Server VM").get();
		return WorkerCacheChoice.of(setting, jvm, LaunchCommand.of(jvm, new String[0]), List.of(options));
	}

}
