package io.github.clusterboot.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PidFile}. Fault A3.
 */
class PidFileTests {

	@TempDir
	private Path directory;

	private final SpringApplication application = new SpringApplication(PidFileTests.class);

	private final MockEnvironment environment = new MockEnvironment();

	@AfterEach
	void forget() {
		TestWriter.forget();
	}

	@Test
	void writeWritesTheIdOfThisProcess() {
		this.application.addListeners(new TestWriter("unused.pid"));
		this.environment.withProperty("spring.pid.file", file().toString());
		new PidFile(this.application).write(this.environment);
		assertThat(file()).hasContent(String.valueOf(ProcessHandle.current().pid()));
	}

	@Test
	void writeWhenTheNameIsFixedWritesTheIdOfThisProcess() {
		this.application.addListeners(new TestWriter(file().toString()));
		new PidFile(this.application).write(this.environment);
		assertThat(file()).hasContent(String.valueOf(ProcessHandle.current().pid()));
	}

	@Test
	void deleteDeletesTheFileThatWasWritten() throws IOException {
		this.application.addListeners(new TestWriter("unused.pid"));
		this.environment.withProperty("spring.pid.file", file().toString());
		PidFile pidFile = new PidFile(this.application);
		pidFile.write(this.environment);
		pidFile.delete(this.environment);
		assertThat(file()).doesNotExist();
		pidFile.delete(this.environment);
	}

	@Test
	void deleteWhenAnotherProcessHasWrittenTheFileLeavesIt() throws IOException {
		this.application.addListeners(new TestWriter(file().toString()));
		PidFile pidFile = new PidFile(this.application);
		pidFile.write(this.environment);
		Files.writeString(file(), "1");
		pidFile.delete(this.environment);
		assertThat(file()).hasContent("1");
	}

	@Test
	void separateWhenTheNameIsSetAddsTheIndex() {
		assertThat(separated("unused.pid", "run/app.pid")).isEqualTo("run/app-3.pid");
		assertThat(separated("unused.pid", "run/app-${cluster.worker.id}.pid")).isEqualTo("run/app-7.pid");
	}

	@Test
	void separateWhenTheNameIsFixedAddsTheIndex() {
		this.application.addListeners(new TestWriter("run/app.pid"));
		new PidFile(this.application).separate(identified());
		assertThat(this.environment.getProperty("spring.pid.file")).isEqualTo("run/app-3.pid");
	}

	@Test
	void separateWhenEnvironmentHasBeenAdaptedDoesNotAddAnotherIndex() {
		this.application.addListeners(new TestWriter("run/app.pid"));
		new PidFile(this.application).separate(identified());
		new PidFile(this.application).separate(this.environment);
		assertThat(this.environment.getProperty("spring.pid.file")).isEqualTo("run/app-3.pid");
	}

	@Test
	void separateWhenNothingWritesAFileSetsNothing() {
		new PidFile(this.application).separate(identified());
		assertThat(this.environment.getProperty("spring.pid.file")).isNull();
	}

	@Test
	void deferKeepsAnEarlyWriterFromWritingTheMastersFile() {
		TestWriter writer = new TestWriter(file().toString());
		writer.setTriggerEventType(ApplicationStartingEvent.class);
		this.application.addListeners(writer);
		new PidFile(this.application).defer();
		DefaultBootstrapContext context = new DefaultBootstrapContext();
		writer.onApplicationEvent(new ApplicationStartingEvent(context, this.application, new String[0]));
		writer.onApplicationEvent(
				new ApplicationEnvironmentPreparedEvent(context, this.application, new String[0], this.environment));
		assertThat(Files.exists(file())).isFalse();
	}

	private String separated(String fixed, String name) {
		this.application.addListeners(new TestWriter(fixed));
		this.environment.withProperty("spring.pid.file", name);
		new PidFile(this.application).separate(identified());
		String separated = this.environment.getProperty("spring.pid.file");
		this.environment.getPropertySources().remove("clusterWorkerPidFile");
		return separated;
	}

	private MockEnvironment identified() {
		return this.environment.withProperty("cluster.worker.id", "7")
			.withProperty("cluster.worker.index", "3")
			.withProperty("cluster.worker.generation", "1");
	}

	private Path file() {
		return this.directory.resolve("app.pid");
	}

	/**
	 * Can be used again.
	 */
	private static final class TestWriter extends ApplicationPidFileWriter {

		TestWriter(String file) {
			super(file);
		}

		static void forget() {
			reset();
		}

	}

}
