package io.github.clusterboot.os;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;

import org.jspecify.annotations.Nullable;

/**
 * A directory of this user's that is looked at without following links, and in which no
 * link is followed. What is deleted is deleted in the directory that was looked at,
 * whatever others do to its path meanwhile.
 * <p>
 * Used by one thread.
 */
public abstract sealed class OwnDirectory implements Closeable permits SecureOwnDirectory, PlainOwnDirectory {

	private final FileState state;

	OwnDirectory(FileState state) {
		this.state = state;
	}

	/**
	 * Open a directory.
	 * @param path where it is
	 * @return the directory, owned by the caller
	 * @throws NoSuchFileException if there is none
	 * @throws IOException if it is something else, or another user's
	 */
	public static OwnDirectory open(Path path) throws IOException {
		Path absolute = path.toAbsolutePath();
		Path parent = absolute.getParent();
		if (parent == null) {
			throw new IOException("The root directory is the system's");
		}
		DirectoryStream<Path> stream = Files.newDirectoryStream(parent);
		if (stream instanceof SecureDirectoryStream<Path> secure) {
			return SecureOwnDirectory.open(secure, absolute);
		}
		stream.close();
		return PlainOwnDirectory.openByPath(absolute);
	}

	static FileState stateOf(Path path) throws IOException {
		FileState state = FileState.of(path);
		if (!state.isDirectory()) {
			throw new IOException(path + " is not a directory");
		}
		if (!state.isOwn()) {
			throw new IOException(path + " belongs to another user");
		}
		return state;
	}

	/**
	 * Return the state that the directory had when it was opened.
	 * @return its state
	 */
	public final FileState state() {
		return this.state;
	}

	/**
	 * Open a file in the directory.
	 * @param file the file's name
	 * @param options how to open it
	 * @return the file, owned by the caller, or {@code null} if there is none, or it is
	 * not a regular file: opening a FIFO would block
	 * @throws IOException if it cannot be opened
	 */
	public abstract @Nullable FileChannel openFile(String file, StandardOpenOption... options) throws IOException;

	/**
	 * Delete what is in the directory.
	 * @param last the name of the file that is deleted after all others
	 * @throws IOException if something cannot be deleted
	 */
	public abstract void deleteContents(String last) throws IOException;

	/**
	 * Delete the directory, which must be empty. The caller still has to close it.
	 * @throws IOException if it cannot be deleted
	 */
	public abstract void delete() throws IOException;

}
