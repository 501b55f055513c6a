package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * Describes to the user why something could not be done with files. The JDK's message for
 * what happens most often is the path and nothing else, see
 * {@link FileSystemException#getMessage()}.
 */
public final class FileFailure {

	private FileFailure() {
	}

	/**
	 * Describe a failure.
	 * @param failure the failure
	 * @return the path, if it is known, and what is wrong with it; with its type if it is
	 * not a failure of input or output, whose message may not say what has happened
	 */
	public static String describe(Throwable failure) {
		if (failure instanceof FileSystemException ex && ex.getFile() != null && ex.getReason() == null) {
			return ex.getMessage() + ": " + reason(ex);
		}
		String message = failure.getMessage();
		return (failure instanceof IOException && message != null) ? message : failure.toString();
	}

	private static String reason(FileSystemException failure) {
		if (failure.getReason() != null) {
			return failure.getReason();
		}
		if (failure instanceof NoSuchFileException) {
			return "no such file or directory";
		}
		if (failure instanceof AccessDeniedException) {
			return "permission denied";
		}
		if (failure instanceof FileAlreadyExistsException) {
			return "file exists";
		}
		if (failure instanceof NotDirectoryException) {
			return "not a directory";
		}
		if (failure instanceof DirectoryNotEmptyException) {
			return "directory not empty";
		}
		return failure.getClass().getSimpleName();
	}

	/**
	 * Describe why a directory cannot be used.
	 * @param directory the directory
	 * @param failure what has failed there
	 * @return the directory and what is wrong with it, without the name of a file in it
	 */
	public static String describe(Path directory, Throwable failure) {
		if (failure instanceof FileSystemException ex && ex.getFile() != null
				&& Path.of(ex.getFile()).startsWith(directory)) {
			return directory + ": " + reason(ex);
		}
		String description = describe(failure);
		return description.contains(directory.toString()) ? description : directory + ": " + description;
	}

}
