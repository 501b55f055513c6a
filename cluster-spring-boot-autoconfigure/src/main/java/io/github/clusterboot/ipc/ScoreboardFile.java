package io.github.clusterboot.ipc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;

import io.github.clusterboot.os.FileFailure;
import io.netty.channel.unix.FileDescriptor;

/**
 * The file behind the {@link Scoreboard}, as the master holds it.
 * <p>
 * It has no name from the moment it has been opened, so that it cannot be deleted and
 * nothing of it is left however the master ends; workers are sent its descriptor. All of
 * it has been written before it is mapped: to touch a hole of a mapped file in a full
 * file system is a {@code SIGBUS}, see {@code mmap(2)}. It is best kept in a
 * {@code tmpfs}, which neither copies a page that is written again nor writes it to a
 * disk.
 */
public final class ScoreboardFile implements AutoCloseable {

	private static final Path SHARED_MEMORY = Path.of("/dev/shm");

	private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private final Scoreboard scoreboard;

	private final FileDescriptor descriptor;

	private ScoreboardFile(Scoreboard scoreboard, FileDescriptor descriptor) {
		this.scoreboard = scoreboard;
		this.descriptor = descriptor;
	}

	/**
	 * Create the file in shared memory, or else in a directory.
	 * @param directory the directory
	 * @return the file, owned by the caller
	 * @throws IOException if there is room in neither; the message says why
	 */
	public static ScoreboardFile create(Path directory) throws IOException {
		return createInFirst(List.of(SHARED_MEMORY, directory));
	}

	static ScoreboardFile createInFirst(List<Path> directories) throws IOException {
		StringJoiner reasons = new StringJoiner("; ");
		for (Path directory : directories) {
			try {
				return createIn(directory);
			}
			catch (IOException ex) {
				reasons.add(FileFailure.describe(directory, ex));
			}
		}
		throw new IOException("There is no room for the %,d bytes of the cluster's scoreboard (%s)"
			.formatted(Scoreboard.size(), reasons));
	}

	private static ScoreboardFile createIn(Path directory) throws IOException {
		Path path = directory.resolve("cluster-boot-" + UUID.randomUUID());
		try (FileChannel channel = FileChannel.open(path,
				Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE), OWNER_ONLY)) {
			FileDescriptor descriptor = open(path);
			try {
				write(channel);
				return new ScoreboardFile(Scoreboard.map(channel), descriptor);
			}
			catch (IOException | RuntimeException | Error ex) {
				descriptor.close();
				throw ex;
			}
		}
	}

	/**
	 * The JDK does not tell the number of a file's descriptor, so Netty opens another
	 * one.
	 */
	private static FileDescriptor open(Path path) throws IOException {
		try {
			return FileDescriptor.from(path.toFile());
		}
		finally {
			Files.deleteIfExists(path);
		}
	}

	private static void write(FileChannel channel) throws IOException {
		ByteBuffer zeros = ByteBuffer.allocate(Scoreboard.size());
		while (zeros.hasRemaining()) {
			channel.write(zeros);
		}
	}

	/**
	 * Return the master's view of it.
	 * @return the scoreboard
	 */
	public Scoreboard scoreboard() {
		return this.scoreboard;
	}

	/**
	 * Return what to send to workers.
	 * @return the descriptor, owned by this object
	 */
	public FileDescriptor descriptor() {
		return this.descriptor;
	}

	@Override
	public void close() throws IOException {
		this.descriptor.close();
	}

}
