package io.github.clusterboot.bootstrap;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;
import org.springframework.context.ApplicationListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PortFiles}. Fault A3.
 */
class PortFilesTests {

	private static final String VARIABLE = "PORTFILE";

	private final SpringApplication application = new SpringApplication(PortFilesTests.class);

	@TempDir
	private Path directory;

	@AfterEach
	void clear() {
		System.clearProperty(VARIABLE);
		System.clearProperty("io.github.clusterboot.port-file");
	}

	@Test
	void writeWritesTheMastersPorts() {
		Path file = this.directory.resolve("run/app.port");
		this.application.addListeners(new WebServerPortFileWriter(file.toFile()));
		PortFiles files = PortFiles.of(this.application);
		files.write("server", 8080);
		files.write("server-2", 8081);
		files.write("management", 9090);
		assertThat(file).hasContent("8080");
		assertThat(file.resolveSibling("app-management.port")).hasContent("9090");
		assertThat(file.getParent()).isDirectoryNotContaining("glob:**/*2*");
	}

	@Test
	void deleteWhenAnotherProcessHasWrittenSinceLeavesItsFile() throws IOException {
		Path file = this.directory.resolve("app.port");
		this.application.addListeners(new WebServerPortFileWriter(file.toFile()));
		PortFiles files = PortFiles.of(this.application);
		files.write("server", 8080);
		files.write("management", 9090);
		Files.writeString(file, "8081");
		files.delete();
		assertThat(file).hasContent("8081");
		assertThat(file.resolveSibling("app-management.port")).doesNotExist();
	}

	/**
	 * Another cluster's port may be the beginning of this one's, and its file is empty
	 * while it is being written.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "80", "" })
	void deleteWhenAnotherProcessHasWrittenPartOfThePortLeavesItsFile(String content) throws IOException {
		Path file = this.directory.resolve("app.port");
		this.application.addListeners(new WebServerPortFileWriter(file.toFile()));
		PortFiles files = PortFiles.of(this.application);
		files.write("server", 8080);
		Files.writeString(file, content);
		files.delete();
		assertThat(file).hasContent(content);
	}

	/**
	 * {@code /dev/full} is a disk without room, see {@code full(4)}.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "80", "" })
	void deleteWhenWritingHasFailedDeletesWhatHadRoom(String content) throws IOException {
		Path file = Files.createSymbolicLink(this.directory.resolve("app.port"), Path.of("/dev/full"));
		this.application.addListeners(new WebServerPortFileWriter(file.toFile()));
		PortFiles files = PortFiles.of(this.application);
		files.write("server", 8080);
		Files.delete(file);
		Files.writeString(file, content);
		files.delete();
		assertThat(file).doesNotExist();
	}

	@Test
	void deleteWhenFileCouldNotBeOpenedLeavesIt() throws IOException {
		Path file = Files.createDirectory(this.directory.resolve("app.port"));
		this.application.addListeners(new WebServerPortFileWriter(file.toFile()));
		PortFiles files = PortFiles.of(this.application);
		files.write("server", 8080);
		Files.delete(file);
		Files.writeString(file, "80");
		files.delete();
		assertThat(file).hasContent("80");
	}

	@ParameterizedTest
	@CsvSource({ "run/app.port, run/app-management.port", "APP.PORT, APP-MANAGEMENT.PORT", "port, port-management" })
	void managementNamesTheFileAsTheWriterDoes(String name, String expected) {
		assertThat(PortFiles.management(new File(name))).isEqualTo(new File(expected));
	}

	@Test
	void separateWhenTheNameIsFixedGivesTheWorkerAWriterOfItsOwn() {
		ApplicationListener<?> other = (event) -> {
		};
		this.application.setListeners(List.of(new WebServerPortFileWriter("app.port"), other));
		PortFiles.separate(this.application, 3);
		assertThat(files()).containsExactly(new File("app-3.port"));
		assertThat(this.application.getListeners()).contains(other);
	}

	@Test
	void separateWhenTheVariableIsSetGivesTheWorkerAWriterOfItsOwn() {
		System.setProperty(VARIABLE, "run/app.port");
		this.application.addListeners(new WebServerPortFileWriter("unused"));
		PortFiles.separate(this.application, 3);
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
		PortFiles.separate(new SpringApplication(PortFilesTests.class), 3);
		this.application.addListeners(new WebServerPortFileWriter("unused"));
		PortFiles.separate(this.application, 3);
		assertThat(files()).containsExactly(new File("run/app-3.port"));
		assertThat(System.getProperty(VARIABLE)).isEqualTo("run/app-3.port");
	}

	@Test
	void separateWhenAnotherApplicationSetsTheVariableAnewAddsTheIndex() {
		System.setProperty(VARIABLE, "run/app.port");
		PortFiles.separate(new SpringApplication(PortFilesTests.class), 3);
		System.setProperty(VARIABLE, "run/other.port");
		PortFiles.separate(this.application, 3);
		assertThat(System.getProperty(VARIABLE)).isEqualTo("run/other-3.port");
	}

	@Test
	void separateWhenTheApplicationIsRunAgainDoesNotAddAnotherIndex() {
		this.application.setListeners(List.of(new WebServerPortFileWriter("app.port")));
		PortFiles.separate(this.application, 3);
		PortFiles.separate(this.application, 3);
		assertThat(files()).containsExactly(new File("app-3.port"));
	}

	private List<File> files() {
		return FileWriters.of(this.application, WebServerPortFileWriter.class.getName())
			.stream()
			.map(FileWriters::fileOf)
			.toList();
	}

}
