package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.util.FileCopyUtils;
import org.springframework.util.FileSystemUtils;

/**
 * The sample application as {@code mvn spring-boot:run} has it while it is developed: a
 * folder of classes, libraries, and devtools.
 *
 * @param directory where the folders are
 */
record DevelopedSample(Path directory) {

	private static final String LIBRARY = "cluster-spring-boot-autoconfigure";

	/**
	 * Put the sample application's classes there.
	 * @param directory where the folders are to be
	 * @return the application
	 */
	static DevelopedSample in(Path directory) {
		DevelopedSample sample = new DevelopedSample(directory);
		try {
			FileSystemUtils.deleteRecursively(directory);
			unpack(ExtractedApplication.sample().jar(), sample.classes());
			FileCopyUtils.copy(devtoolsOfBuild().toFile(), sample.devtools().toFile());
			return sample;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Let the starter's library be a folder as well, as in the build of this project.
	 * @return this application
	 */
	DevelopedSample withLibraryAsFolder() {
		try (Stream<Path> libraries = ExtractedApplication.sample().libraries().stream()) {
			unpack(libraries.filter(DevelopedSample::isLibrary).findFirst().orElseThrow(), libraryFolder());
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Add a class, or replace it.
	 * @param name the name without the package, which is the application's
	 * @param source the source without the package
	 */
	void compile(String name, String source) {
		try {
			Path file = Files.createDirectories(this.directory.resolve("src")).resolve(name + ".java");
			Files.writeString(file, "package io.github.clusterboot.sample;\n" + source);
			JdkCommand.javac(file, ExtractedApplication.sample().classPath(), classes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what {@code -cp} needs.
	 * @return the folders and the libraries
	 */
	List<Path> classPath() {
		boolean folder = Files.exists(libraryFolder());
		List<Path> classPath = new ArrayList<>(List.of(classes(), devtools()));
		ExtractedApplication.sample()
			.libraries()
			.stream()
			.map((library) -> (folder && isLibrary(library)) ? libraryFolder() : library)
			.forEach(classPath::add);
		return classPath;
	}

	private Path classes() {
		return this.directory.resolve("target/classes");
	}

	private Path libraryFolder() {
		return this.directory.resolve(LIBRARY).resolve("target/classes");
	}

	private static boolean isLibrary(Path jar) {
		return jar.getFileName().toString().startsWith(LIBRARY);
	}

	/**
	 * A copy, since the local Maven repository may be in a home directory that others
	 * cannot enter.
	 */
	private Path devtools() {
		return this.directory.resolve("devtools.jar");
	}

	private static Path devtoolsOfBuild() {
		try {
			return Path.of(Restarter.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void unpack(Path jar, Path directory) throws IOException {
		try (FileSystem content = FileSystems.newFileSystem(jar)) {
			Files.createDirectories(directory);
			FileSystemUtils.copyRecursively(content.getPath("/"), directory);
		}
	}

}
