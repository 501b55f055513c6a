package io.github.clusterboot.jvm;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.github.clusterboot.os.StickyFile;

/**
 * A file for a worker's launcher or JVM that only the user can read. Programs that clean
 * up temporary files leave it alone until it has been read.
 */
final class PrivateFile {

	private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(PosixFilePermission.OWNER_READ,
			PosixFilePermission.OWNER_WRITE);

	private PrivateFile() {
	}

	/**
	 * Write a file. One that exists is replaced.
	 * @param file the file
	 * @param lines its lines
	 * @throws IOException if the file cannot be written
	 */
	static void write(Path file, List<String> lines) throws IOException {
		Files.deleteIfExists(file);
		try (BufferedWriter writer = new BufferedWriter(new OutputStreamWriter(Channels
			.newOutputStream(Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
					PosixFilePermissions.asFileAttribute(OWNER_ONLY))),
				RunningJvm.nativeCharset()))) {
			StickyFile.keep(file);
			for (String line : lines) {
				writer.write(line);
				writer.write('\n');
			}
		}
	}

}
