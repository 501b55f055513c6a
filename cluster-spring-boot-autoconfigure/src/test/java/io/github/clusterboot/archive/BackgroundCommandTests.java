package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.clusterboot.archive.BackgroundCommand.Priority;
import io.github.clusterboot.jvm.WorkingDirectory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link BackgroundCommand}.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class BackgroundCommandTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	@TempDir
	Path directory;

	@Test
	void awaitWhenItSucceedsReturnsAndHasRunAtThePriority() throws Exception {
		assertThat(niceAndScoreAt(Priority.LOWEST)).isEqualTo("19\n1000\n");
		assertThat(niceAndScoreAt(Priority.NORMAL)).endsWith("\n1000\n").doesNotStartWith("19");
	}

	private String niceAndScoreAt(Priority priority) throws Exception {
		Path report = this.directory.resolve("report");
		BackgroundCommand
			.start(priority, WorkingDirectory.INHERITED,
					List.of("sh", "-c", "nice >\"$1\"; cat /proc/self/oom_score_adj >>\"$1\"", "sh", report.toString()))
			.await(LONG);
		return Files.readString(report);
	}

	@Test
	void awaitWhenItFailsTellsWhatItPrinted() throws Exception {
		BackgroundCommand command = BackgroundCommand.start(Priority.LOWEST, WorkingDirectory.INHERITED,
				List.of("sh", "-c", "echo no room >&2; exit 3"));
		assertThatIOException().isThrownBy(() -> command.await(LONG)).withMessage("exit code 3: no room");
	}

	@Test
	void awaitWhenItTakesTooLongEndsIt() throws Exception {
		BackgroundCommand command = BackgroundCommand.start(Priority.LOWEST, WorkingDirectory.INHERITED, sleeping());
		assertThatIOException().isThrownBy(() -> command.await(Duration.ofSeconds(1))).withMessage("ended after 1 s");
		awaitEndOf(pid());
	}

	@Test
	void closeEndsItWithAllThatBelongsToIt() throws Exception {
		BackgroundCommand command = BackgroundCommand.start(Priority.LOWEST, WorkingDirectory.INHERITED, sleeping());
		Awaitility.await().until(() -> Files.exists(pidFile()) && Files.size(pidFile()) > 0);
		command.close();
		command.close();
		assertThatIOException().isThrownBy(() -> command.await(LONG)).withMessageContaining("exit code 137");
		awaitEndOf(pid());
	}

	private List<String> sleeping() {
		return List.of("sh", "-c", "echo $$ >\"$1\"; exec sleep 300", "sh", pidFile().toString());
	}

	private Path pidFile() {
		return this.directory.resolve("pid");
	}

	private long pid() throws IOException {
		return Long.parseLong(Files.readString(pidFile()).strip());
	}

	private static void awaitEndOf(long pid) {
		Awaitility.await().until(() -> ProcessHandle.of(pid).isEmpty());
	}

}
