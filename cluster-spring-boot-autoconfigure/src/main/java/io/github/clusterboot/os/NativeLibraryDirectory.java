package io.github.clusterboot.os;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
		if (directory.isUsable(Path.of((chosen != null) ? chosen : System.getProperty("java.io.tmpdir")))) {
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
	 */
	private boolean isUsable(Path directory) {
		Path file = null;
		try {
			// named here: Files.createTempFile does not tell the name of what it leaves
			file = directory.resolve("cluster-boot-" + UUID.randomUUID() + ".so");
			try (OutputStream out = Files.newOutputStream(Files.createFile(file, OWNER_ONLY))) {
				out.write(new byte[SIZE]);
			}
			Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
			if (Files.isExecutable(file)) {
				return true;
			}
			this.problems.add(directory + ": mounted noexec");
		}
		catch (IOException | Error ex) {
			// without descriptors, classes of the JDK cannot be initialized
			this.problems.add(describe(directory, ex));
		}
		finally {
			delete(file);
		}
		return false;
	}

	private static void delete(@Nullable Path file) {
		try {
			if (file != null) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			// what can be written can be deleted, but by a file system that breaks
		}
	}

	/**
	 * Of an error the message of what has caused it is the one that tells.
	 */
	private static String describe(Path directory, Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return FileFailure.describe(directory, cause);
	}

}
