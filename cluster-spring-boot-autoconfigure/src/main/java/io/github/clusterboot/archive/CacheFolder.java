package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.OwnDirectory;
import io.github.clusterboot.os.SafePath;
import io.github.clusterboot.os.UserCaches;
import org.jspecify.annotations.Nullable;

/**
 * The folder that the archives of one user's applications are kept in. Several clusters
 * may share it.
 * <p>
 * What is in an archive is executed, so a folder that belongs to another user, or that
 * another user can write to or replace, is not touched.
 *
 * @param path the folder
 */
record CacheFolder(Path path) {

	/**
	 * How many entries that are not in use are kept.
	 */
	private static final int KEPT = 4;

	/**
	 * The name of an entry's folder, see {@link #open}.
	 */
	private static final Pattern NAME = Pattern.compile(".+-\\p{XDigit}{8}");

	static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	/**
	 * Return the folder of the user who runs this process: among the user's caches, or
	 * else among the temporary files.
	 * @param environment the environment variables
	 * @param properties the system properties
	 * @return the folder
	 * @throws IOException if there is none that can be used
	 */
	static CacheFolder ofUser(Map<String, String> environment, Map<String, String> properties) throws IOException {
		Path caches = UserCaches.directory(environment, properties);
		if (caches == null) {
			return of(UserCaches.temporaryDirectory(properties));
		}
		try {
			return of(caches);
		}
		catch (IOException ex) {
			return of(UserCaches.temporaryDirectory(properties));
		}
	}

	/**
	 * Return a folder, which is made if need be.
	 * @param path where it is
	 * @return the folder
	 * @throws IOException if it cannot be used
	 */
	static CacheFolder of(Path path) throws IOException {
		Path absolute = path.toAbsolutePath().normalize();
		Path parent = absolute.getParent();
		if (parent == null) {
			throw new IOException(path + " cannot be a cache");
		}
		Path real = Files.createDirectories(parent).toRealPath().resolve(absolute.getFileName());
		CacheFolder folder = new CacheFolder(real);
		folder.makeAndCheck();
		return folder;
	}

	/**
	 * What is in the folder is executed, so no other user may be able to write to it or
	 * replace it.
	 */
	private void makeAndCheck() throws IOException {
		try {
			Files.createDirectory(this.path, OWNER_ONLY);
		}
		catch (FileAlreadyExistsException ex) {
			// looked at below
		}
		FileState state = FileState.of(this.path);
		if (!state.isDirectory()) {
			throw new IOException(this.path + " is not a folder");
		}
		if (!state.isOwn()) {
			throw new IOException(this.path + " belongs to another user");
		}
		if (state.isWritableByOthers()) {
			throw new IOException("Other users can write to " + this.path);
		}
		SafePath.check(this.path.getParent());
	}

	/**
	 * Open the entry of a key, which is empty if it is new.
	 * @param name what the folder's name should tell of the key
	 * @param key the key
	 * @return the entry, or {@code null} if another key has its place
	 * @throws IOException if it cannot be read or written
	 */
	@Nullable CacheEntry open(String name, String key) throws IOException {
		// it may have been deleted or replaced since
		makeAndCheck();
		CRC32 hash = new CRC32();
		hash.update(key.getBytes(StandardCharsets.UTF_8));
		return CacheEntry.open(this.path.resolve("%s-%08x".formatted(name, hash.getValue())), key);
	}

	/**
	 * Delete the entries that have not been used for longest, but for some, and what a
	 * process that was killed has left in those.
	 * @param own the folders of the entries that this process has opened: to look at a
	 * lock of one's own is to lose it, see {@code fcntl(2)}
	 * @throws IOException if something cannot be deleted
	 */
	void prune(Set<Path> own) throws IOException {
		IOException failure = null;
		int kept = 0;
		for (Path entry : entriesByUse(own)) {
			try {
				if (++kept > KEPT) {
					deleteUnused(entry);
				}
				else if (Files.exists(entry.resolve(CacheEntry.WORK), LinkOption.NOFOLLOW_LINKS)) {
					deleteWorkOfUnused(entry);
				}
			}
			catch (IOException ex) {
				// it must not keep others from being deleted
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private List<Path> entriesByUse(Set<Path> own) throws IOException {
		record Entry(Path path, FileTime used) {
		}
		List<Entry> entries = new ArrayList<>();
		try (DirectoryStream<Path> candidates = Files.newDirectoryStream(this.path)) {
			for (Path candidate : candidates) {
				Path lock = candidate.resolve(CacheEntry.LOCK);
				// the key has gone if a process was killed while it deleted the entry
				if (!own.contains(candidate) && NAME.matcher(candidate.getFileName().toString()).matches()
						&& isFile(lock)) {
					entries.add(new Entry(candidate, Files.getLastModifiedTime(lock)));
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return entries.stream().sorted(Comparator.comparing(Entry::used).reversed()).map(Entry::path).toList();
	}

	private static void deleteUnused(Path directory) throws IOException {
		ifUnused(directory, (opened) -> {
			opened.deleteContents(CacheEntry.LOCK);
			opened.delete();
		});
	}

	private static void deleteWorkOfUnused(Path directory) throws IOException {
		ifUnused(directory, (opened) -> CacheEntry.delete(directory.resolve(CacheEntry.WORK)));
	}

	/**
	 * Change an entry that no process has opened.
	 */
	private static void ifUnused(Path directory, Change change) throws IOException {
		try (OwnDirectory opened = OwnDirectory.open(directory);
				FileChannel lock = opened.openFile(CacheEntry.LOCK, StandardOpenOption.WRITE)) {
			if (lock != null && lock.tryLock() != null) {
				change.in(opened);
			}
		}
		catch (OverlappingFileLockException | NoSuchFileException ex) {
			// opened by this process, or deleted by another
		}
	}

	private static boolean isFile(Path path) {
		return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * What is done to an entry.
	 */
	@FunctionalInterface
	private interface Change {

		void in(OwnDirectory entry) throws IOException;

	}

}
