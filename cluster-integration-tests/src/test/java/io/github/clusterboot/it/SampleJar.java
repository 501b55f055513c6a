package io.github.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.UnaryOperator;

import io.github.clusterboot.it.app.HangingApplication;

import org.springframework.util.Assert;

/**
 * A copy of the packaged sample application that is replaced by other versions, each by a
 * rename, as a careful deployment does.
 *
 * @param path where the copy is
 */
record SampleJar(Path path) {

	private static final String CLASSES = "BOOT-INF/classes/";

	/**
	 * Put the packaged sample application there.
	 */
	void replaceByGood() {
		replace((file) -> {
		});
	}

	/**
	 * Put the sample application there with a value added to its configuration.
	 * @param name the name of the property after {@code sample.}
	 * @param value the value
	 */
	void replaceByOneWith(String name, boolean value) {
		replace((file) -> rewrite(file, CLASSES + "application.yml",
				(text) -> text + "\nsample:\n  %s: %s\n".formatted(name, value)));
	}

	/**
	 * Put a jar there whose main class hangs.
	 */
	void replaceByOneThatHangs() {
		String mainClass = HangingApplication.class.getName();
		String classFile = mainClass.replace('.', '/') + ".class";
		replace((file) -> {
			rewrite(file, "META-INF/MANIFEST.MF",
					(text) -> text.replaceFirst("Start-Class: .*", "Start-Class: " + mainClass));
			try (FileSystem jar = FileSystems.newFileSystem(file)) {
				Path entry = jar.getPath(CLASSES + classFile);
				Files.createDirectories(entry.getParent());
				Files.copy(ItSettings.testClasses().resolve(classFile), entry);
			}
		});
	}

	/**
	 * Put something there that is not a jar.
	 */
	void replaceByText() {
		replace((file) -> Files.writeString(file, "This is not a jar."));
	}

	private void replace(FileChange change) {
		Path next = this.path.resolveSibling(this.path.getFileName() + ".next");
		try {
			Files.createDirectories(this.path.getParent());
			Files.copy(ItSettings.sampleJar(), next, StandardCopyOption.REPLACE_EXISTING);
			change.apply(next);
			Files.move(next, this.path, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Change one entry. The others stay as they are, nested jars uncompressed.
	 */
	private static void rewrite(Path file, String name, UnaryOperator<String> change) throws IOException {
		try (FileSystem jar = FileSystems.newFileSystem(file)) {
			Path entry = jar.getPath(name);
			String text = Files.readString(entry);
			String changed = change.apply(text);
			Assert.state(!changed.equals(text), () -> "Nothing has changed in " + name);
			Files.writeString(entry, changed);
		}
	}

	private interface FileChange {

		void apply(Path file) throws IOException;

	}

}
