package io.github.clusterboot.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.github.clusterboot.archive.BackgroundCommand.Priority;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import io.github.clusterboot.os.FileFailure;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a {@link CacheEntry} is to have: extracts an executable jar, and makes an
 * archive of the classes that a worker has loaded.
 * <p>
 * The application is not started for either: HotSpot takes the names of the classes from
 * a list and their code from the jars, runs none of it, and writes the archive
 * ({@code java -Xshare:dump}). The other ways were to start the application once more,
 * which an application with a migration, a consumer or a licence for a fixed number of
 * instances may not bear, or to let a worker write the archive, which stops it for as
 * long as that takes or makes its end last longer, and needs it to end in good order.
 */
final class ArchiveMaker implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(5);

	/**
	 * An archive, what was extracted, and as much again while they are made.
	 */
	private static final long LEAST_SPACE = 512L * 1024 * 1024;

	private static final List<String> SMALL_JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m");

	private final Path java;

	private final WorkingDirectory directory;

	private final ArchiveOptions options;

	private @Nullable BackgroundCommand command;

	private boolean closed;

	/**
	 * Create a maker.
	 * @param launch how workers are started
	 * @param options the workers' options
	 */
	ArchiveMaker(LaunchCommand launch, ArchiveOptions options) {
		this.java = launch.java();
		this.directory = launch.directory();
		this.options = options;
	}

	/**
	 * Extract an executable jar, unless that has been done.
	 * @param entry the entry
	 * @param jar the executable jar
	 * @param priority how much processor time it gets beside others
	 * @return whether it can be used; {@code false} if another process makes the entry
	 * @throws IOException if it cannot be extracted
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean extract(CacheEntry entry, Path jar, Priority priority) throws IOException, InterruptedException {
		return make(entry, () -> entry.isExtracted(jar), (work) -> {
			Path extracted = work.resolve("application");
			run("extract the jar", priority, extract(jar, extracted));
			entry.addExtracted(extracted);
		});
	}

	/**
	 * Make the archive, unless that has been done.
	 * @param entry the entry, with what was extracted of an executable jar
	 * @param application the files that the application is started from
	 * @param classList the list of the classes that a worker has loaded, which may still
	 * be written
	 * @return whether it can be used; {@code false} if another process makes the entry
	 * @throws IOException if it cannot be made
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean archive(CacheEntry entry, ApplicationFiles application, Path classList)
			throws IOException, InterruptedException {
		Path jar = application.executableJar();
		String classPath = (jar != null) ? entry.extracted(jar).toString() : application.classPath();
		return make(entry, entry::isUsable, (work) -> {
			Path list = work.resolve("classes");
			Path archive = work.resolve("archive");
			ClassList.copy(classList, list);
			run("make the archive", Priority.LOWEST, java(this.options.toMake(list, archive), classPath));
			run("use the archive", Priority.LOWEST, java(this.options.toTry(archive), classPath, "-version"));
			entry.addArchive(archive);
		});
	}

	private static boolean make(CacheEntry entry, BooleanSupplier done, Work work)
			throws IOException, InterruptedException {
		try (FileChannel lock = entry.lockToMake()) {
			if (lock == null || done.getAsBoolean()) {
				return lock != null;
			}
			if (Files.getFileStore(entry.directory()).getUsableSpace() < LEAST_SPACE) {
				throw new IOException("the disk is nearly full");
			}
			Path directory = entry.directory().resolve(CacheEntry.WORK);
			CacheEntry.delete(directory);
			Files.createDirectory(directory);
			try {
				work.doIn(directory);
			}
			finally {
				CacheEntry.delete(directory);
			}
			return true;
		}
	}

	private List<String> extract(Path jar, Path destination) {
		List<String> command = new ArrayList<>(List.of(this.java.toString()));
		command.addAll(SMALL_JVM);
		// otherwise the name is that of the file that a link leads to
		command.addAll(List.of("-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination",
				destination.toString(), "--application-filename", jar.getFileName().toString()));
		return command;
	}

	private List<String> java(List<String> options, String classPath, String... further) {
		List<String> command = new ArrayList<>(List.of(this.java.toString()));
		command.addAll(options);
		command.addAll(List.of("-cp", classPath));
		command.addAll(List.of(further));
		return command;
	}

	private void run(String what, Priority priority, List<String> command) throws IOException, InterruptedException {
		try (BackgroundCommand running = start(priority, command)) {
			running.await(TIMEOUT);
		}
		catch (IOException ex) {
			throw new IOException("the JVM that has to %s has failed (%s)".formatted(what, FileFailure.describe(ex)),
					ex);
		}
	}

	private synchronized BackgroundCommand start(Priority priority, List<String> command) throws IOException {
		if (this.closed) {
			throw new IOException("the cluster stops");
		}
		BackgroundCommand started = BackgroundCommand.start(priority, this.directory, command);
		this.command = started;
		return started;
	}

	/**
	 * End what runs, and run nothing from now on. May be called by any thread.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.command != null) {
			this.command.close();
		}
	}

	@FunctionalInterface
	private interface Work {

		void doIn(Path directory) throws IOException, InterruptedException;

	}

}
