package io.github.clusterboot.master;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.StickyFile;
import org.jspecify.annotations.Nullable;

/**
 * The locked file in a run directory. The kernel gives the lock back when the master's
 * process ends, however it ends: that tells the next master which directories are
 * abandoned.
 * <p>
 * No other descriptor of the file may be opened in this process: to close it would be to
 * give the lock back, see {@code fcntl_locking(2)}.
 */
final class RunDirectoryLock implements Closeable {

	static final String NAME = "lock";

	/**
	 * Its name until it is locked.
	 */
	static final String UNLOCKED = NAME + ".new";

	/**
	 * What the file begins with: by this a run directory is known.
	 */
	private static final byte[] MARK = "cluster-spring-boot master ".getBytes(StandardCharsets.US_ASCII);

	private final FileChannel channel;

	private final Path path;

	private final Object key;

	private RunDirectoryLock(FileChannel channel, Path path, Object key) {
		this.channel = channel;
		this.path = path;
		this.key = key;
	}

	/**
	 * Make the file in a directory that has none. Another master takes a lock file that
	 * is not locked for an abandoned one, so it gets its name when it is.
	 * @param directory the directory
	 * @return the lock, owned by the caller
	 * @throws IOException if the file cannot be made
	 */
	static RunDirectoryLock make(Path directory) throws IOException {
		Path unlocked = directory.resolve(UNLOCKED);
		Path path = directory.resolve(NAME);
		Files.deleteIfExists(unlocked);
		FileChannel channel = FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
				StandardOpenOption.WRITE);
		try {
			write(channel, MARK);
			write(channel, (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
			StickyFile.keep(unlocked);
			if (channel.tryLock() == null) {
				throw new IOException(unlocked + " is locked by another process");
			}
			Files.move(unlocked, path, StandardCopyOption.ATOMIC_MOVE);
			return new RunDirectoryLock(channel, path, FileState.of(path).key());
		}
		catch (IOException | RuntimeException | Error ex) {
			channel.close();
			throw ex;
		}
	}

	private static void write(FileChannel channel, byte[] bytes) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		while (buffer.hasRemaining()) {
			channel.write(buffer);
		}
	}

	/**
	 * Lock the file in a directory whose master may have ended.
	 * @param channel the file
	 * @return the lock, or {@code null} if a master lives, or the file is not a master's
	 * @throws IOException if it cannot be read or locked
	 */
	static @Nullable FileLock ofAbandoned(FileChannel channel) throws IOException {
		ByteBuffer start = ByteBuffer.allocate(MARK.length);
		channel.read(start, 0);
		return Arrays.equals(start.array(), MARK) ? channel.tryLock() : null;
	}

	/**
	 * Return whether the file has its name in a directory.
	 * @param directory the directory
	 * @return whether another master would find it there
	 * @throws IOException if it cannot be looked at
	 */
	boolean isIn(Path directory) throws IOException {
		try {
			return FileState.of(directory.resolve(NAME)).key().equals(this.key);
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	/**
	 * Make the file young for those who delete what has not been written or read for
	 * days.
	 * @throws IOException if that fails
	 */
	void touch() throws IOException {
		this.channel.write(ByteBuffer.wrap(MARK), 0);
		this.channel.read(ByteBuffer.allocate(1), 0);
	}

	/**
	 * Delete the file and the directory, which must have nothing else. If it has, the
	 * file stays, for the next master to know the directory by.
	 * @param directory the directory
	 * @throws IOException if the directory cannot be deleted
	 */
	void deleteWith(Path directory) throws IOException {
		Path aside = directory.resolveSibling(directory.getFileName() + "." + NAME);
		Files.move(this.path, aside, StandardCopyOption.ATOMIC_MOVE);
		// not by Files, which looks at what it deletes
		if (!directory.toFile().delete()) {
			Files.move(aside, this.path, StandardCopyOption.ATOMIC_MOVE);
			throw new IOException(directory + " cannot be deleted");
		}
		aside.toFile().delete();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
