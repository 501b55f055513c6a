package io.github.clusterboot.master;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.clusterboot.ipc.RunDirectory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A run directory that this master has created, owns and deletes.
 * <p>
 * Only its user can enter it. A lock that the kernel gives back when the master's process
 * ends, however it ends, tells the next master which directories nobody owns any more:
 * those it deletes.
 */
final class OwnedRunDirectory implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(OwnedRunDirectory.class);

	private static final String PREFIX = "cluster-boot-";

	private static final String LOCK = "lock";

	private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private final RunDirectory directory;

	private final FileChannel lock;

	private OwnedRunDirectory(RunDirectory directory, FileChannel lock) {
		this.directory = directory;
		this.lock = lock;
	}

	/**
	 * Delete what dead masters have left, and create a directory.
	 * @return the directory, owned by the caller
	 * @throws IOException if it cannot be created
	 */
	static OwnedRunDirectory create() throws IOException {
		for (Path parent : List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp"))) {
			if (hasRoomForSocket(parent)) {
				return create(parent);
			}
		}
		throw new IOException("The path of the temporary directory is too long for a socket");
	}

	private static boolean hasRoomForSocket(Path parent) {
		RunDirectory longest = new RunDirectory(parent.toAbsolutePath().resolve(PREFIX + Long.toUnsignedString(-1L)));
		return longest.socket().toString().getBytes().length < RunDirectory.MAX_SOCKET_PATH;
	}

	static OwnedRunDirectory create(Path parent) throws IOException {
		deleteAbandoned(parent);
		Path path = Files.createTempDirectory(parent.toAbsolutePath(), PREFIX, OWNER_ONLY);
		FileChannel lock = FileChannel.open(path.resolve(LOCK + ".new"), StandardOpenOption.CREATE_NEW,
				StandardOpenOption.WRITE);
		lock.lock();
		// another master takes a lock file that is not locked for an abandoned one
		Files.move(path.resolve(LOCK + ".new"), path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
		return new OwnedRunDirectory(new RunDirectory(path), lock);
	}

	private static void deleteAbandoned(Path parent) {
		try (DirectoryStream<Path> candidates = Files.newDirectoryStream(parent, PREFIX + "*")) {
			for (Path candidate : candidates) {
				if (isAbandoned(candidate)) {
					delete(candidate);
				}
			}
		}
		catch (IOException | UncheckedIOException ex) {
			logger.debug("Cannot look for abandoned run directories in " + parent, ex);
		}
	}

	/*
	 * A directory without a lock file is one that another master is just about to lock,
	 * or no run directory.
	 */
	private static boolean isAbandoned(Path candidate) {
		if (!Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)) {
			return false;
		}
		try (FileChannel channel = FileChannel.open(candidate.resolve(LOCK), StandardOpenOption.WRITE);
				FileLock lock = channel.tryLock()) {
			return lock != null;
		}
		catch (IOException | RuntimeException ex) {
			// not ours to read, or locked by this very process
			return false;
		}
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(file);
			}
		}
		catch (NoSuchFileException | UncheckedIOException ex) {
			// another master deletes it too
			logger.debug("Cannot delete " + directory, ex);
		}
	}

	RunDirectory directory() {
		return this.directory;
	}

	/**
	 * Delete the directory and give the lock back. May be called again.
	 */
	@Override
	public void close() {
		try {
			if (Files.exists(this.directory.path())) {
				delete(this.directory.path());
			}
			this.lock.close();
		}
		catch (IOException ex) {
			logger.warn("Cannot delete " + this.directory.path() + ": " + ex.getMessage());
		}
	}

}
