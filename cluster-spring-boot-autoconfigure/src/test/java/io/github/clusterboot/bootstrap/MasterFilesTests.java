package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.clusterboot.environment.PidFile;
import io.github.clusterboot.launch.WorkerLauncher;
import io.github.clusterboot.master.supervise.MasterSettings;
import io.github.clusterboot.Scheduling;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link MasterFiles}. Fault A3.
 */
@Timeout(60)
class MasterFilesTests {

	@TempDir
	private Path directory;

	private final SpringApplication application = new SpringApplication(MasterFilesTests.class);

	private final MockEnvironment environment = new MockEnvironment();

	@BeforeEach
	void write() {
		ResettableWriter.forget();
		this.application.addListeners(new ResettableWriter(pidFile().toString()),
				new WebServerPortFileWriter(portFile().toFile()));
		new PidFile(this.application).write(this.environment);
		assertThat(pidFile()).exists();
	}

	@Test
	void closeDeletesTheFiles() {
		MasterFiles files = MasterFiles.of(this.application, this.environment);
		files.listening("server", 8080);
		Awaitility.await().untilAsserted(() -> assertThat(portFile()).hasContent("8080"));
		files.close();
		assertThat(this.directory).isEmptyDirectory();
		files.close();
		files.listening("server", 8080);
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void closeWhenTheLastFileHasJustBeenHandedOverDeletesIt() {
		MasterFiles files = MasterFiles.of(this.application, this.environment);
		files.listening("server", 8080);
		files.listening("management", 9090);
		files.close();
		assertThat(this.directory).isEmptyDirectory();
	}

	/**
	 * A thread that is made on the master's event loop may fail there.
	 */
	@Test
	void listeningMakesNoThread() {
		try (MasterFiles files = MasterFiles.of(this.application, this.environment)) {
			Set<Thread> before = threads();
			assertThat(before).isNotEmpty();
			files.listening("server", 8080);
			files.listening("management", 9090);
			assertThat(before).containsAll(threads());
		}
	}

	/**
	 * A pipe without a writer, in the place of the pid file, stands for a file system
	 * that does not answer.
	 */
	@Test
	@EnabledOnOs(OS.LINUX)
	void closeWhenAFileSystemDoesNotAnswerReturnsSoon() throws Exception {
		pidFile().toFile().delete();
		assertThat(new ProcessBuilder("mkfifo", pidFile().toString()).start().waitFor()).isZero();
		MasterFiles files = MasterFiles.of(this.application, this.environment);
		long start = System.nanoTime();
		files.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
		Process writer = new ProcessBuilder("sh", "-c", "true >\"$0\"", pidFile().toString()).start();
		try {
			assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			writer.destroyForcibly();
		}
	}

	@Test
	void runMasterWhenItFailsDeletesTheFiles() throws IOException {
		WorkerLauncher launcher = mock(WorkerLauncher.class);
		willThrow(new IllegalStateException("No")).given(launcher).awaitPrepared();
		MasterDecision decision = new MasterDecision(settings(), launcher, List.of());
		assertThatIllegalStateException()
			.isThrownBy(() -> new MasterContextFactory(decision, this.application, this.environment).runMaster());
		assertThat(this.directory).isEmptyDirectory();
	}

	private static MasterSettings settings() {
		Duration timeout = Duration.ofSeconds(60);
		return new MasterSettings(new MasterSettings.Size(2, true, true, 1), Scheduling.ROUND_ROBIN, 1024, timeout,
				timeout, timeout, timeout, new MasterSettings.Restart(Duration.ZERO, 1, Duration.ZERO, Duration.ZERO),
				MasterSettings.Recycling.NONE);
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("cluster-files"))
			.collect(Collectors.toSet());
	}

	private Path pidFile() {
		return this.directory.resolve("app.pid");
	}

	private Path portFile() {
		return this.directory.resolve("app.port");
	}

	/**
	 * Can be used again.
	 */
	private static final class ResettableWriter extends ApplicationPidFileWriter {

		ResettableWriter(String file) {
			super(file);
		}

		static void forget() {
			reset();
		}

	}

}
