package io.github.clusterboot.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import io.github.clusterboot.OtherUser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link RunDirectoryPlaces}.
 */
class RunDirectoryPlacesTests {

	private static final String TEMPORARY_DIRECTORY = "java.io.tmpdir";

	private final String before = System.getProperty(TEMPORARY_DIRECTORY);

	private Path runtime;

	private Path temporary;

	/**
	 * Not the build's directory, whose path may be too long for a socket.
	 */
	@BeforeEach
	void create() throws IOException {
		this.runtime = Files.createTempDirectory(Path.of("/tmp"), "r").toRealPath();
		this.temporary = Files.createTempDirectory(Path.of("/tmp"), "t").toRealPath();
		System.setProperty(TEMPORARY_DIRECTORY, this.temporary.toString());
	}

	@AfterEach
	void delete() throws IOException {
		System.setProperty(TEMPORARY_DIRECTORY, this.before);
		Files.delete(this.runtime);
		Files.delete(this.temporary);
	}

	@Test
	void ofHasTheServicesDirectoriesFirst() {
		assertThat(RunDirectoryPlaces.of(Map.of("RUNTIME_DIRECTORY", "/run/a:/run/b")).all()).containsExactly(
				Path.of("/run/a"), Path.of("/run/b"), this.temporary, Path.of("/tmp"), Path.of("/dev/shm"));
		assertThat(RunDirectoryPlaces.of(Map.of()).all()).containsExactly(this.temporary, Path.of("/tmp"),
				Path.of("/dev/shm"));
		assertThat(RunDirectoryPlaces.of(Map.of("RUNTIME_DIRECTORY", "relative")).all()).containsExactly(this.temporary,
				Path.of("/tmp"), Path.of("/dev/shm"));
	}

	@Test
	void inFirstWhenTheServiceHasADirectoryUsesIt() throws IOException {
		assertThat(first(this.runtime.toString())).isEqualTo(this.runtime);
		assertThat(first("/nonexistent:" + this.runtime)).isEqualTo(this.runtime);
	}

	@Test
	void inFirstWhenOthersCanWriteToTheServicesDirectoryUsesAnother() throws IOException {
		Files.setAttribute(this.runtime, "unix:mode", 01777);
		assertThat(first(this.runtime.toString())).isEqualTo(this.temporary);
	}

	@Test
	void inFirstWhenTheServicesDirectoryBelongsToAnotherUserUsesAnother() throws IOException {
		OtherUser.assumeRoot();
		Files.setAttribute(this.runtime, "unix:uid", OtherUser.NOBODY.id());
		assertThat(first(this.runtime.toString())).isEqualTo(this.temporary);
	}

	@Test
	void inFirstWhenFilesInTheTemporaryDirectoryCanBeReplacedUsesAnother() throws IOException {
		Files.setPosixFilePermissions(this.temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThat(first("")).isEqualTo(Path.of("/tmp").toRealPath());
	}

	@Test
	void inFirstWhenAPathIsTooLongForASocketUsesAnother() throws IOException {
		Path deep = Files.createDirectories(this.temporary.resolve("a".repeat(80)));
		System.setProperty(TEMPORARY_DIRECTORY, deep.toString());
		assertThat(first("")).isEqualTo(Path.of("/tmp").toRealPath());
		Files.delete(deep);
	}

	@Test
	void allWhenTheTemporaryDirectoryIsTheUsualOneNamesItOnce() {
		System.setProperty(TEMPORARY_DIRECTORY, "/tmp");
		assertThat(RunDirectoryPlaces.of(Map.of()).all()).containsExactly(Path.of("/tmp"), Path.of("/dev/shm"));
	}

	@Test
	void inFirstWhenNoneCanBeUsedNamesAllAndTheReasons() {
		Path none = Path.of("/nonexistent");
		RunDirectoryPlaces places = new RunDirectoryPlaces(List.of(none), List.of(this.temporary));
		assertThatIOException().isThrownBy(() -> places.inFirst((place) -> {
			throw new IOException("No space left on device");
		}))
			.withMessageEndingWith(
					"(/nonexistent: no such file or directory; " + this.temporary + ": No space left on device)");
	}

	private static Path first(String runtimeDirectory) throws IOException {
		return RunDirectoryPlaces.of(Map.of("RUNTIME_DIRECTORY", runtimeDirectory)).inFirst((place) -> place);
	}

}
