package io.github.clusterboot.bootstrap;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PortFiles}. Fault A3.
 */
class PortFilesTests {

	private final SpringApplication application = new SpringApplication(PortFilesTests.class);

	@TempDir
	private Path directory;

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

}
