package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A list of files with their sizes and times, beside or above them. What differs from its
 * list has been changed or is not complete.
 *
 * @param path the file with the list
 */
record FileList(Path path) {

	/**
	 * List files as they are now.
	 * @param files files and folders; may be missing
	 * @throws IOException if they cannot be read, or the list not be written
	 */
	void write(Path... files) throws IOException {
		AtomicFile.write(this.path, describe(files));
	}

	/**
	 * Return whether files are as they were when they were listed.
	 * @param files the same files and folders
	 * @return whether there is a list, and it has these files
	 */
	boolean matches(Path... files) {
		try {
			return Files.readString(this.path).equals(describe(files));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * What has no list is not complete.
	 * @throws IOException if it cannot be deleted
	 */
	void delete() throws IOException {
		Files.deleteIfExists(this.path);
	}

	private String describe(Path... files) throws IOException {
		List<String> lines = new ArrayList<>();
		for (Path file : files) {
			if (Files.exists(file)) {
				addTo(lines, file);
			}
		}
		return String.join("\n", lines);
	}

	private void addTo(List<String> lines, Path start) throws IOException {
		try (Stream<Path> files = Files.walk(start)) {
			for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
				BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
				lines.add("%d %s %s".formatted(attributes.size(), attributes.lastModifiedTime(),
						this.path.getParent().relativize(file)));
			}
		}
	}

}
