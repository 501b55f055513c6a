package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.OwnDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The cache's entry for one application, JDK and set of options: a folder with what was
 * extracted of an executable jar, and with the archive.
 * <p>
 * A list of the files with their sizes and times is written last, so what has no list is
 * not complete, and what differs from its list is not used. As long as this entry is
 * open, no other process deletes it.
 */
final class CacheEntry implements AutoCloseable {

	/**
	 * The key in full, whose hash names the folder.
	 */
	static final String KEY = "key";

	static final String LOCK = "lock";

	/**
	 * The folder in which something is made.
	 */
	static final String WORK = "work";

	private static final String MAKING = "making";

	private static final String ARCHIVE = "classes.jsa";

	private static final String APPLICATION = "application";

	private final Path directory;

	private final FileChannel lock;

	private final FileList extractedFiles;

	private final FileList archiveFiles;

	private final FailureFile failure;

	private final FailureFile archiveFailure;

	private CacheEntry(Path directory, FileChannel lock) {
		this.directory = directory;
		this.lock = lock;
		this.extractedFiles = new FileList(directory.resolve("application.files"));
		this.archiveFiles = new FileList(directory.resolve("files"));
		this.failure = new FailureFile(directory.resolve("failure"));
		this.archiveFailure = new FailureFile(directory.resolve("archive.failure"));
	}

	/**
	 * Open an entry, which is empty if it is new.
	 * @param directory the folder
	 * @param key the key in full
	 * @return the entry, or {@code null} if the folder belongs to another key or is just
	 * being deleted
	 * @throws IOException if a file cannot be read or written
	 */
	static @Nullable CacheEntry open(Path directory, String key) throws IOException {
		try {
			Files.createDirectory(directory, CacheFolder.OWNER_ONLY);
		}
		catch (FileAlreadyExistsException ex) {
			FileState state = FileState.of(directory);
			if (!state.isDirectory() || !state.isOwn() || state.isWritableByOthers()) {
				throw new IOException(directory + " is not a folder of this user's alone", ex);
			}
		}
		Path lockFile = directory.resolve(LOCK);
		FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
		try {
			if (lock.tryLock(0, Long.MAX_VALUE, true) != null && Files.exists(lockFile) && hasKey(directory, key)) {
				Files.setLastModifiedTime(lockFile, FileTime.from(Instant.now()));
				return new CacheEntry(directory, lock);
			}
		}
		catch (OverlappingFileLockException ex) {
			// deleted by this process
		}
		catch (IOException | RuntimeException ex) {
			lock.close();
			throw ex;
		}
		lock.close();
		return null;
	}

	private static boolean hasKey(Path directory, String key) throws IOException {
		Path file = directory.resolve(KEY);
		if (!Files.exists(file)) {
			AtomicFile.write(file, key);
		}
		return Files.readString(file).equals(key);
	}

	Path directory() {
		return this.directory;
	}

	Path archive() {
		return this.directory.resolve(ARCHIVE);
	}

	Path application() {
		return this.directory.resolve(APPLICATION);
	}

	/**
	 * Return the jar that was extracted, which has the name of the original.
	 * @param original the executable jar
	 * @return the jar, whose manifest names the libraries
	 */
	Path extracted(Path original) {
		return application().resolve(original.getFileName().toString());
	}

	/**
	 * Return whether a worker may be started from what was extracted: it is complete, and
	 * all of its files are as they were then.
	 * @param original the executable jar
	 * @return whether it can be used
	 */
	boolean isExtracted(Path original) {
		return Files.exists(extracted(original)) && this.extractedFiles.matches(application());
	}

	/**
	 * Return whether a worker may be started from the archive: it is complete, and it and
	 * what was extracted are as they were when it was made.
	 * @return whether it can be used
	 */
	boolean isUsable() {
		return this.archiveFiles.matches(archive(), application());
	}

	/**
	 * Put what was extracted in its place: an archive knows a jar by its path.
	 * @param extracted the folder, in the same file system
	 * @throws IOException if that fails
	 */
	void addExtracted(Path extracted) throws IOException {
		delete(application());
		Files.move(extracted, application(), StandardCopyOption.ATOMIC_MOVE);
		this.extractedFiles.write(application());
	}

	/**
	 * Put the archive in its place, which completes this entry.
	 * @param archive the file, in the same file system
	 * @throws IOException if that fails
	 */
	void addArchive(Path archive) throws IOException {
		Files.move(archive, archive(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		this.archiveFiles.write(archive(), application());
	}

	/**
	 * Return whether the jar could not be extracted recently, or nothing started from
	 * this entry.
	 * @return whether not to use it
	 */
	boolean hasFailed() {
		return this.failure.isRecent();
	}

	/**
	 * Return whether the archive could not be made recently.
	 * @return whether to do without
	 */
	boolean hasFailedToArchive() {
		return this.archiveFailure.isRecent();
	}

	/**
	 * Note that the archive cannot be made.
	 * @param failure the cause, as text
	 * @throws IOException if that cannot be written
	 */
	void failToArchive(String failure) throws IOException {
		this.archiveFailure.write(failure);
	}

	/**
	 * Note that the jar cannot be extracted, or that nothing starts from this entry. All
	 * of it is made again before it is used again.
	 * @param failure the cause, as text
	 * @throws IOException if that cannot be written
	 */
	void fail(String failure) throws IOException {
		this.failure.write(failure);
		this.archiveFiles.delete();
		this.extractedFiles.delete();
	}

	/**
	 * Become the only process that makes this entry.
	 * @return the lock, or {@code null} if another process has it
	 * @throws IOException if the lock file cannot be written
	 */
	@Nullable FileChannel lockToMake() throws IOException {
		FileChannel channel = FileChannel.open(this.directory.resolve(MAKING), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
		if (channel.tryLock() != null) {
			return channel;
		}
		channel.close();
		return null;
	}

	@Override
	public void close() throws IOException {
		this.lock.close();
	}

	/**
	 * Delete a folder with all that is in it.
	 * @param path the folder; may be missing
	 * @throws IOException if something of it cannot be deleted
	 */
	static void delete(Path path) throws IOException {
		try (OwnDirectory directory = OwnDirectory.open(path)) {
			directory.deleteContents(LOCK);
			directory.delete();
		}
		catch (NoSuchFileException ex) {
			// it need not be there
		}
	}

}
