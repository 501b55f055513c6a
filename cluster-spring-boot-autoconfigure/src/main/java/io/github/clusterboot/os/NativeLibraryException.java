package io.github.clusterboot.os;

import java.util.List;

/**
 * No directory can hold Netty's native library, which has to be a file to be loaded.
 */
public final class NativeLibraryException extends UnsatisfiedLinkError {

	private final List<String> problems;

	NativeLibraryException(List<String> problems, LinkageError cause) {
		super("No directory can hold Netty's native library (" + String.join("; ", problems) + ")");
		this.problems = problems;
		initCause(cause);
	}

	/**
	 * Return what is wrong with each directory.
	 * @return the problems, as text
	 */
	public List<String> getProblems() {
		return this.problems;
	}

}
