package io.github.clusterboot.ipc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.os.Descriptors;
import io.github.clusterboot.os.NativeTransport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ScoreboardFile}.
 */
class ScoreboardFileTests {

	@TempDir
	Path directory;

	@BeforeAll
	static void load() {
		NativeTransport.load();
	}

	@Test
	void createLeavesNoName() throws IOException {
		try (ScoreboardFile file = ScoreboardFile.createInFirst(List.of(this.directory))) {
			assertThat(this.directory).isEmptyDirectory();
			assertThat(stateOf(file)).containsEntry("nlink", 0);
		}
	}

	/**
	 * Fault F7: the file has no hole.
	 */
	@Test
	void createWritesAllPages() throws Exception {
		try (ScoreboardFile file = ScoreboardFile.createInFirst(List.of(this.directory))) {
			Path path = Descriptors.pathOf(file.descriptor());
			assertThat(Files.size(path)).isEqualTo(Scoreboard.size());
			Process stat = new ProcessBuilder("stat", "-L", "-c", "%b %B",
					"/proc/" + ProcessHandle.current().pid() + "/fd/" + file.descriptor().intValue())
				.start();
			String[] blocks = new String(stat.getInputStream().readAllBytes()).trim().split(" ");
			assertThat(stat.waitFor()).isZero();
			assertThat(Long.parseLong(blocks[0]) * Long.parseLong(blocks[1])).isGreaterThanOrEqualTo(Scoreboard.size());
		}
	}

	@Test
	void createWhenTheFirstDirectoryCannotBeUsedUsesTheNext() throws IOException {
		Path none = this.directory.resolve("none");
		try (ScoreboardFile file = ScoreboardFile.createInFirst(List.of(none, this.directory))) {
			file.scoreboard().wantRoom(true);
			assertThat(Scoreboard.open(Descriptors.pathOf(file.descriptor())).isRoomWanted()).isTrue();
		}
	}

	@Test
	void createWhenNoDirectoryCanBeUsedNamesAll() {
		Path none = this.directory.resolve("none");
		assertThatIOException().isThrownBy(() -> ScoreboardFile.createInFirst(List.of(none, Path.of("/proc"))))
			.withMessageContaining(none + ": ")
			.withMessageContaining("/proc: ");
	}

	private static Map<String, Object> stateOf(ScoreboardFile file) throws IOException {
		return Files.readAttributes(Descriptors.pathOf(file.descriptor()), "unix:nlink");
	}

}
