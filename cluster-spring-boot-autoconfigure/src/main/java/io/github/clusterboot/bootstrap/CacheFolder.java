package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

import io.github.clusterboot.ipc.UserCaches;
import org.jspecify.annotations.Nullable;

/**
 * The folder that the archives of one user's applications are kept in. Several clusters
 * may share it.
 * <p>
 * What is in an archive is executed, so a folder that belongs to another user, or that
 * another user can write to, is not touched.
 *
 * @param path the folder
 */
record CacheFolder(Path path) {

	private static final String NAME = "cluster-spring-boot";

	/**
	 * How many entries that are not in use are kept.
	 */
	private static final int KEPT = 4;

	static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private static final Set<PosixFilePermission> OTHERS_WRITE = EnumSet.of(PosixFilePermission.GROUP_WRITE,
			PosixFilePermission.OTHERS_WRITE);

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
			return amongTemporaryFiles(properties);
		}
		try {
			return of(caches);
		}
		catch (IOException ex) {
			return amongTemporaryFiles(properties);
		}
	}

	private static CacheFolder amongTemporaryFiles(Map<String, String> properties) throws IOException {
		String user = properties.getOrDefault("user.name", "");
		return of(Path.of(properties.getOrDefault("java.io.tmpdir", "/tmp"))
			.resolve(NAME + "-" + user.replace('/', '_')));
	}

	/**
	 * Return a folder, which is made if need be.
	 * @param path where it is
	 * @return the folder
	 * @throws IOException if it cannot be used
	 */
	static CacheFolder of(Path path) throws IOException {
		Path absolute = path.toAbsolutePath().normalize();
		if (absolute.getParent() != null) {
			Files.createDirectories(absolute.getParent());
		}
		try {
			Files.createDirectory(absolute, OWNER_ONLY);
		}
		catch (FileAlreadyExistsException ex) {
			// looked at below
		}
		check(absolute);
		return new CacheFolder(absolute);
	}

	private static void check(Path path) throws IOException {
		if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
			throw new IOException(path + " is not a folder");
		}
		if (Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS_WRITE::contains)) {
			throw new IOException("Other users can write to " + path);
		}
		Path own = Files.createTempFile(path, "own", ".tmp");
		try {
			if (!Files.getOwner(path).equals(Files.getOwner(own))) {
				throw new IOException(path + " belongs to another user");
			}
		}
		finally {
			Files.delete(own);
		}
	}

	/**
	 * Open the entry of a key, which is empty if it is new.
	 * @param name what the folder's name should tell of the key
	 * @param key the key
	 * @return the entry, or {@code null} if another key has its place
	 * @throws IOException if it cannot be read or written
	 */
	@Nullable CacheEntry open(String name, String key) throws IOException {
		CRC32 hash = new CRC32();
		hash.update(key.getBytes(StandardCharsets.UTF_8));
		return CacheEntry.open(this.path.resolve("%s-%08x".formatted(name, hash.getValue())), key);
	}

	/**
	 * Delete the entries that have not been used for longest, but for some.
	 * @param own the folders of the entries that this process has opened: to look at a
	 * lock of one's own is to lose it, see {@code fcntl(2)}
	 * @throws IOException if something cannot be deleted
	 */
	void prune(Set<Path> own) throws IOException {
		record Entry(Path path, FileTime used) {
		}
		List<Entry> entries = new ArrayList<>();
		try (DirectoryStream<Path> candidates = Files.newDirectoryStream(this.path)) {
			for (Path candidate : candidates) {
				Path lock = candidate.resolve(CacheEntry.LOCK);
				if (!own.contains(candidate) && Files.exists(candidate.resolve(CacheEntry.KEY)) && Files.exists(lock)) {
					entries.add(new Entry(candidate, Files.getLastModifiedTime(lock)));
				}
			}
		}
		entries.sort(Comparator.comparing(Entry::used).reversed());
		for (Entry entry : entries.subList(Math.min(KEPT, entries.size()), entries.size())) {
			CacheEntry.deleteUnused(entry.path());
		}
	}

}
