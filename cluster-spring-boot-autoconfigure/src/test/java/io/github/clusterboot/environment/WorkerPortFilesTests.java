package io.github.clusterboot.environment;

import java.io.File;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.context.ApplicationListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerPortFiles}. Fault A3.
 */
class WorkerPortFilesTests {

	private static final String VARIABLE = "PORTFILE";

	private final SpringApplication application = new SpringApplication(WorkerPortFilesTests.class);

	@AfterEach
	void clear() {
		System.clearProperty(VARIABLE);
		System.clearProperty("io.github.clusterboot.port-file");
	}

	@Test
	void separateWhenTheNameIsFixedGivesTheWorkerAWriterOfItsOwn() {
		ApplicationListener<?> other = (event) -> {
		};
		this.application.setListeners(List.of(new WebServerPortFileWriter("app.port"), other));
		WorkerPortFiles.separate(this.application, 3);
		assertThat(files()).containsExactly(new File("app-3.port"));
		assertThat(this.application.getListeners()).contains(other);
	}

	@Test
	void separateWhenTheVariableIsSetGivesTheWorkerAWriterOfItsOwn() {
		System.setProperty(VARIABLE, "run/app.port");
		this.application.addListeners(new WebServerPortFileWriter("unused"));
		WorkerPortFiles.separate(this.application, 3);
		assertThat(files()).containsExactly(new File("run/app-3.port"));
		assertThat(FileWriters.fileOf(new WebServerPortFileWriter())).isEqualTo(new File("run/app-3.port"));
	}

	/**
	 * As for the parent and the child of one builder, the bootstrap context of Spring
	 * Cloud or a restart by devtools.
	 */
	@Test
	void separateWhenAnotherApplicationOfTheJvmHasBeenSeparatedDoesNotAddAnotherIndex() {
		System.setProperty(VARIABLE, "run/app.port");
		WorkerPortFiles.separate(new SpringApplication(WorkerPortFilesTests.class), 3);
		this.application.addListeners(new WebServerPortFileWriter("unused"));
		WorkerPortFiles.separate(this.application, 3);
		assertThat(files()).containsExactly(new File("run/app-3.port"));
		assertThat(System.getProperty(VARIABLE)).isEqualTo("run/app-3.port");
	}

	@Test
	void separateWhenAnotherApplicationSetsTheVariableAnewAddsTheIndex() {
		System.setProperty(VARIABLE, "run/app.port");
		WorkerPortFiles.separate(new SpringApplication(WorkerPortFilesTests.class), 3);
		System.setProperty(VARIABLE, "run/other.port");
		WorkerPortFiles.separate(this.application, 3);
		assertThat(System.getProperty(VARIABLE)).isEqualTo("run/other-3.port");
	}

	@Test
	void separateWhenTheApplicationIsRunAgainDoesNotAddAnotherIndex() {
		this.application.setListeners(List.of(new WebServerPortFileWriter("app.port")));
		WorkerPortFiles.separate(this.application, 3);
		WorkerPortFiles.separate(this.application, 3);
		assertThat(files()).containsExactly(new File("app-3.port"));
	}

	private List<File> files() {
		return FileWriters.of(this.application, WebServerPortFileWriter.class.getName())
			.stream()
			.map(FileWriters::fileOf)
			.toList();
	}

}
