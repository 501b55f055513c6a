package io.github.clusterboot.master;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.os.FileState;
import io.github.clusterboot.os.SafePath;
import org.apache.commons.logging.Log;

/**
 * Deletes the single files that killed processes have left. A process gives each of them
 * a name for milliseconds only: the scoreboard until it has been opened, the file that
 * tries a directory until it has been created, Netty's native library until it has been
 * loaded.
 * <p>
 * A file counts as left if it has such a name, is this user's, regular and old, and no
 * process has it mapped. By {@code io.netty.native.deleteLibAfterLoading=false} a process
 * keeps its library.
 */
final class AbandonedFiles {

	/**
	 * More than a process needs, even a slow one, until it deletes the file itself.
	 */
	static final Duration AGE = Duration.ofMinutes(10);

	private static final Pattern NAME = Pattern
		.compile("cluster-boot-\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}(?:\\.so)?"
				+ "|libnetty_transport_native_(?:epoll|kqueue)_(?:x86_64|aarch_64)\\d+\\.(?:so|jnilib)");

	private static final Path PROCESSES = Path.of("/proc");

	private static final Log logger = MasterLog.of(AbandonedFiles.class);

	private AbandonedFiles() {
	}

	/**
	 * Delete them from a directory, unless others could replace what is in it: they are
	 * deleted by path.
	 * @param place the directory
	 */
	static void deleteIn(Path place) {
		try {
			Path real = place.toRealPath();
			SafePath.check(real);
			try (DirectoryStream<Path> candidates = Files.newDirectoryStream(real,
					(file) -> NAME.matcher(file.getFileName().toString()).matches())) {
				candidates.forEach(AbandonedFiles::deleteIfAbandoned);
			}
		}
		catch (IOException | DirectoryIteratorException ex) {
			logger.debug("Cannot look for abandoned files in " + place, ex);
		}
	}

	private static void deleteIfAbandoned(Path candidate) {
		try {
			FileState state = FileState.of(candidate);
			if (state.isRegularFile() && state.isOwn() && isOld(candidate) && !isMapped(candidate)) {
				Files.deleteIfExists(candidate);
			}
		}
		catch (IOException ex) {
			logger.debug("Cannot delete " + candidate, ex);
		}
	}

	/**
	 * Return whether no process that lives can still be about to need a file.
	 * @param file the file, or a directory
	 * @return whether it is old
	 * @throws IOException if it cannot be looked at
	 */
	static boolean isOld(Path file) throws IOException {
		Instant modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
		return modified.isBefore(Instant.now().minus(AGE));
	}

	/**
	 * Return whether a process has a file mapped, see {@code proc_pid_maps(5)}. For those
	 * in other containers, which cannot be seen here, the mapping outlives the name.
	 */
	private static boolean isMapped(Path file) throws IOException {
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
			for (Path process : processes) {
				if (maps(process.resolve("maps"), file)) {
					return true;
				}
			}
			return false;
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	private static boolean maps(Path maps, Path file) {
		try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
			return lines.anyMatch((line) -> line.endsWith("/" + file.getFileName()));
		}
		catch (IOException | UncheckedIOException ex) {
			// it has ended, or is another user's, who cannot map what is private
			return false;
		}
	}

}
