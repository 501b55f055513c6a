package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * An {@link OwnDirectory} that is held open: all is done by descriptor, with
 * {@code openat(2)} and {@code unlinkat(2)}.
 */
final class SecureOwnDirectory extends OwnDirectory {

	private static final Path ITSELF = Path.of(".");

	private final SecureDirectoryStream<Path> parent;

	private final Path name;

	private final SecureDirectoryStream<Path> directory;

	private SecureOwnDirectory(SecureDirectoryStream<Path> parent, Path name, SecureDirectoryStream<Path> directory,
			FileState state) {
		super(state);
		this.parent = parent;
		this.name = name;
		this.directory = directory;
	}

	/**
	 * Open a directory.
	 * @param parent the directory that it is in, owned by this method
	 * @param path where it is
	 * @return the directory, owned by the caller
	 * @throws IOException if it is something else, or another user's
	 */
	static OwnDirectory open(SecureDirectoryStream<Path> parent, Path path) throws IOException {
		try {
			FileState state = stateOf(path);
			return open(parent, path, state);
		}
		catch (IOException | RuntimeException | Error ex) {
			parent.close();
			throw ex;
		}
	}

	private static OwnDirectory open(SecureDirectoryStream<Path> parent, Path path, FileState state)
			throws IOException {
		SecureDirectoryStream<Path> directory = parent.newDirectoryStream(path.getFileName(),
				LinkOption.NOFOLLOW_LINKS);
		try {
			if (!state.key().equals(keyOf(directory))) {
				throw new IOException(path + " has just been replaced");
			}
			return new SecureOwnDirectory(parent, path.getFileName(), directory, state);
		}
		catch (IOException | RuntimeException | Error ex) {
			directory.close();
			throw ex;
		}
	}

	private static @Nullable Object keyOf(SecureDirectoryStream<Path> directory) throws IOException {
		return directory.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
	}

	@Override
	public @Nullable FileChannel openFile(String file, StandardOpenOption... options) throws IOException {
		Set<OpenOption> all = new HashSet<>(List.of(options));
		all.add(LinkOption.NOFOLLOW_LINKS);
		Path path = Path.of(file);
		try {
			return view(this.directory, path).readAttributes().isRegularFile()
					? (FileChannel) this.directory.newByteChannel(path, all) : null;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	@Override
	public void deleteContents(String last) throws IOException {
		Path lastPath = Path.of(last);
		deleteContents(this.directory, lastPath);
		try {
			this.directory.deleteFile(lastPath);
		}
		catch (NoSuchFileException ex) {
			// another process deletes it too
		}
	}

	@Override
	public void delete() throws IOException {
		this.parent.deleteDirectory(this.name);
	}

	private static void deleteContents(SecureDirectoryStream<Path> directory, @Nullable Path kept) throws IOException {
		for (Path file : namesIn(directory)) {
			try {
				if (!file.equals(kept)) {
					delete(directory, file);
				}
			}
			catch (NoSuchFileException ex) {
				// another process deletes it too
			}
		}
	}

	/**
	 * A stream can be read once, so it is opened again.
	 */
	private static List<Path> namesIn(SecureDirectoryStream<Path> directory) throws IOException {
		List<Path> names = new ArrayList<>();
		try (DirectoryStream<Path> files = directory.newDirectoryStream(ITSELF, LinkOption.NOFOLLOW_LINKS)) {
			files.forEach((file) -> names.add(file.getFileName()));
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return names;
	}

	/**
	 * Without a look at what it is, which may be refused: a directory cannot be deleted
	 * as a file, see {@code unlink(2)}.
	 */
	private static void delete(SecureDirectoryStream<Path> directory, Path file) throws IOException {
		try {
			directory.deleteFile(file);
		}
		catch (NoSuchFileException ex) {
			throw ex;
		}
		catch (IOException ex) {
			deleteDirectory(directory, file, ex);
		}
	}

	private static void deleteDirectory(SecureDirectoryStream<Path> directory, Path name, IOException notAFile)
			throws IOException {
		try (SecureDirectoryStream<Path> child = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
			deleteContents(child, null);
		}
		catch (IOException ex) {
			notAFile.addSuppressed(ex);
			throw notAFile;
		}
		directory.deleteDirectory(name);
	}

	private static BasicFileAttributeView view(SecureDirectoryStream<Path> directory, Path file) {
		return directory.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
	}

	@Override
	public void close() throws IOException {
		try {
			this.directory.close();
		}
		finally {
			this.parent.close();
		}
	}

}
