package io.github.clusterboot.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Finds the directory in which Netty keeps its native library between writing and loading
 * it. Netty itself tries only one, and logs a failure only at debug level.
 * <p>
 * The library is executed, so another directory than the one that Netty would use is
 * taken only if no other user can replace files there.
 */
final class NativeLibraryDirectory {

	/**
	 * Read once by {@code io.netty.util.internal.NativeLibraryLoader}.
	 */
	static final String PROPERTY = "io.netty.native.workdir";

	/**
	 * More than the library has.
	 */
	private static final int SIZE = 256 * 1024;

	private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

	private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private final List<String> problems = new ArrayList<>();

	private NativeLibraryDirectory() {
	}

	/**
	 * Have Netty use a directory that can hold the library, if there is one.
	 * @return what is wrong with each directory if there is none, otherwise nothing
	 */
	static List<String> choose() {
		return choose(alternatives(System.getenv(), System.getProperty("user.home", "/")));
	}

	/**
	 * Return the directory that the library is in until it has been loaded.
	 */
	static Path current() {
		String chosen = System.getProperty(PROPERTY);
		return Path.of((chosen != null) ? chosen : System.getProperty("java.io.tmpdir"));
	}

	/**
	 * Return what may be used instead of the directory for temporary files.
	 */
	static List<Path> alternatives(Map<String, String> environment, String home) {
		Path caches = UserCaches.directory(environment, Map.of("user.home", home));
		return Stream.concat(RuntimeDirectories.of(environment).stream(), Stream.of(Path.of("/tmp"), caches))
			.filter(Objects::nonNull)
			.toList();
	}

	static List<String> choose(List<Path> alternatives) {
		NativeLibraryDirectory directory = new NativeLibraryDirectory();
		String chosen = System.getProperty(PROPERTY);
		if (directory.isUsable(current())) {
			return List.of();
		}
		Path other = (chosen == null) ? directory.firstUsable(alternatives) : null;
		if (other == null) {
			return List.copyOf(directory.problems);
		}
		System.setProperty(PROPERTY, other.toString());
		return List.of();
	}

	private @Nullable Path firstUsable(List<Path> alternatives) {
		return alternatives.stream()
			.map(this::safe)
			.filter((directory) -> directory != null && isUsable(directory))
			.findFirst()
			.orElse(null);
	}

	private @Nullable Path safe(Path directory) {
		try {
			Path real = Files.createDirectories(directory, OWNER_ONLY).toRealPath();
			SafePath.check(real);
			return real;
		}
		catch (IOException ex) {
			this.problems.add(describe(directory, ex));
			return null;
		}
	}

	/**
	 * Check whether a file can be written and would be mapped as code: the kernel refuses
	 * {@code access(2)} for executing if the file system is mounted {@code noexec}.
	 * <p>
	 * The JDK deletes the name right after opening the file, so that a process that is
	 * killed leaves none.
	 */
	private boolean isUsable(Path directory) {
		Path file = directory.resolve("cluster-boot-" + UUID.randomUUID() + ".so");
		try (FileChannel channel = FileChannel.open(file,
				Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE),
				OWNER_ONLY)) {
			ByteBuffer zeros = ByteBuffer.allocate(SIZE);
			while (zeros.hasRemaining()) {
				channel.write(zeros);
			}
			if (isExecutable(file.getFileName())) {
				return true;
			}
			this.problems.add(directory + ": mounted noexec");
		}
		catch (IOException | Error ex) {
			// without descriptors, classes of the JDK cannot be initialized
			this.problems.add(describe(directory, ex));
		}
		return false;
	}

	/**
	 * Look at a file by its descriptor. If that cannot be found, as on a system without
	 * {@code /proc}, the file counts as executable: loading the library then shows it.
	 */
	private static boolean isExecutable(Path name) throws IOException {
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
			for (Path descriptor : descriptors) {
				if (refersTo(descriptor, name)) {
					// the process's umask may have left that out
					Files.setPosixFilePermissions(descriptor, PosixFilePermissions.fromString("rwx------"));
					return Files.isExecutable(descriptor);
				}
			}
			return true;
		}
		catch (NoSuchFileException ex) {
			return true;
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	/**
	 * The kernel appends {@code (deleted)} to the path, see {@code proc(5)}.
	 */
	private static boolean refersTo(Path descriptor, Path name) throws IOException {
		try {
			return Files.readSymbolicLink(descriptor).toString().endsWith("/" + name + " (deleted)");
		}
		catch (NoSuchFileException ex) {
			// another thread has closed it
			return false;
		}
	}

	/**
	 * The root cause's message says what happened.
	 */
	private static String describe(Path directory, Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return FileFailure.describe(directory, cause);
	}

}
