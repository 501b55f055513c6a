package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The directory in which workers are started: the one that the shell calls the current
 * one, which may be reached by a link. When the link is switched to the next release,
 * workers start there, also after the old release has been deleted.
 * <p>
 * A process knows its directory by its inode only. {@code PWD} has the path that led to
 * it, see "Environment Variables" in POSIX.1-2017; it is believed if it did so when this
 * process was started.
 *
 * @param logical the path, or {@code null} if the directory is this process's own
 */
public record WorkingDirectory(@Nullable Path logical) {

	public static final WorkingDirectory INHERITED = new WorkingDirectory(null);

	private static final String VARIABLE = "PWD";

	static WorkingDirectory of(RunningJvm jvm) {
		String value = jvm.environment().getOrDefault(VARIABLE, "");
		try {
			Path logical = Path.of(value);
			return (logical.isAbsolute() && Files.isSameFile(logical, Path.of(""))) ? new WorkingDirectory(logical)
					: INHERITED;
		}
		catch (IOException | InvalidPathException ex) {
			return INHERITED;
		}
	}

	/**
	 * Return the file that a worker would find by a name.
	 * @param name an absolute path, or one that is relative to the directory
	 * @return the file
	 * @throws InvalidPathException if the name is not a path
	 */
	public Path resolve(String name) {
		return (this.logical != null) ? this.logical.resolve(name) : Path.of(name);
	}

	/**
	 * Have a process started in the directory.
	 * @param builder the builder of the process
	 * @throws IOException if there is no such directory now
	 */
	public void applyTo(ProcessBuilder builder) throws IOException {
		if (this.logical != null) {
			if (!Files.isDirectory(this.logical)) {
				throw new IOException("there is no directory " + this.logical + " to start in");
			}
			builder.directory(this.logical.toFile());
		}
	}

}
