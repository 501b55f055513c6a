package io.github.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Makes an archive of the classes that a worker has loaded.
 * <p>
 * The application is not started for it: HotSpot takes the names of the classes from a
 * list and their code from the jars, runs none of it, and writes the archive ({@code java
 * -Xshare:dump}). The other ways were to start the application once more, which an
 * application with a migration, a consumer or a licence for so many instances may not
 * bear, or to let a worker write the archive, which stops it for as long as that takes or
 * makes its end last longer, and needs it to end in good order.
 */
final class ArchiveMaker implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofMinutes(5);

	/**
	 * An archive, what was extracted, and as much again while they are made.
	 */
	private static final long LEAST_SPACE = 512L * 1024 * 1024;

	private static final List<String> SMALL_JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m");

	private final Path java;

	private final ArchiveOptions options;

	private @Nullable BackgroundCommand command;

	private boolean closed;

	/**
	 * Create a maker.
	 * @param java the java binary of the workers
	 * @param options the workers' options
	 */
	ArchiveMaker(Path java, ArchiveOptions options) {
		this.java = java;
		this.options = options;
	}

	/**
	 * Make what an entry lacks. It is complete, and other processes see it, when all of
	 * it has succeeded.
	 * @param entry the entry
	 * @param application the files that the application is started from
	 * @param classLog the log of the classes that a worker has loaded
	 * @return whether the entry can be used; {@code false} if another process makes it
	 * @throws IOException if it cannot be made
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean make(CacheEntry entry, ApplicationFiles application, Path classLog)
			throws IOException, InterruptedException {
		try (FileChannel lock = entry.lockToMake()) {
			if (lock == null || entry.isUsable()) {
				return lock != null;
			}
			if (Files.getFileStore(entry.directory()).getUsableSpace() < LEAST_SPACE) {
				throw new IOException("the disk is nearly full");
			}
			Path work = entry.directory().resolve("work");
			CacheEntry.delete(work);
			Files.createDirectory(work);
			try {
				make(entry, application, classLog, work);
			}
			finally {
				CacheEntry.delete(work);
			}
			return true;
		}
	}

	private void make(CacheEntry entry, ApplicationFiles application, Path classLog, Path work)
			throws IOException, InterruptedException {
		Path list = work.resolve("classes");
		ClassList.write(classLog, list);
		String classPath = application.classPath();
		if (application.executableJar() != null) {
			// Archives know a jar by its path, so it has to be in its place first
			Path extracted = work.resolve("application");
			run("extract the jar", extract(application.executableJar(), extracted));
			CacheEntry.delete(entry.application());
			Files.move(extracted, entry.application(), StandardCopyOption.ATOMIC_MOVE);
			classPath = entry.extracted(application.executableJar()).toString();
		}
		Path archive = work.resolve("archive");
		run("make the archive", java(this.options.toMake(list, archive), classPath));
		run("use the archive", java(this.options.toTry(archive), classPath, "-version"));
		Files.move(archive, entry.archive(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		entry.complete();
	}

	private List<String> extract(Path jar, Path destination) {
		List<String> command = new ArrayList<>(List.of(this.java.toString()));
		command.addAll(SMALL_JVM);
		command.addAll(
				List.of("-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", destination.toString()));
		return command;
	}

	private List<String> java(List<String> options, String classPath, String... further) {
		List<String> command = new ArrayList<>(List.of(this.java.toString()));
		command.addAll(options);
		command.addAll(List.of("-cp", classPath));
		command.addAll(List.of(further));
		return command;
	}

	private void run(String what, List<String> command) throws IOException, InterruptedException {
		try (BackgroundCommand running = start(command)) {
			running.await(TIMEOUT);
		}
		catch (IOException ex) {
			throw new IOException("the JVM that has to %s fails (%s)".formatted(what, ex.getMessage()), ex);
		}
	}

	private synchronized BackgroundCommand start(List<String> command) throws IOException {
		if (this.closed) {
			throw new IOException("the cluster stops");
		}
		BackgroundCommand started = BackgroundCommand.start(command);
		this.command = started;
		return started;
	}

	/**
	 * End what runs, and let nothing run any more. May be called by any thread.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.command != null) {
			this.command.close();
		}
	}

}
