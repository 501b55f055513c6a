package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes small files that other processes may read at any time: they find the old content
 * or the new one, and never a part of it.
 */
final class AtomicFile {

	private AtomicFile() {
	}

	static void write(Path file, String content) throws IOException {
		Path temporary = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".tmp");
		Files.writeString(temporary, content);
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
	}

}
