package io.github.clusterboot.master;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A class data archive of a {@link PlainMaster}'s worker, from which the JVMs of these
 * tests start with half the processor time. It needs a class path of jars, see the
 * documentation of {@code java -XX:ArchiveClassesAtExit}.
 *
 * @param classPath the class path, of jars only
 * @param file the archive, which may be missing: then JVMs start without
 */
record ClassArchive(String classPath, Path file) {

	private static ClassArchive instance;

	/**
	 * Return the archive, which is made once in this JVM.
	 * @return the archive
	 */
	static synchronized ClassArchive get() {
		if (instance == null) {
			try {
				// the tests run in several JVMs at a time
				Path directory = Path.of("target/child-jvm", String.valueOf(ProcessHandle.current().pid()));
				instance = create(Files.createDirectories(directory.toAbsolutePath()));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return instance;
	}

	private static ClassArchive create(Path directory) throws IOException {
		List<String> jars = new ArrayList<>();
		for (String entry : ChildJvm.classPath().split(File.pathSeparator)) {
			jars.add(Files.isDirectory(Path.of(entry)) ? jar(Path.of(entry), directory).toString() : entry);
		}
		ClassArchive archive = new ClassArchive(String.join(File.pathSeparator, jars), directory.resolve("worker.jsa"));
		Files.deleteIfExists(archive.file());
		try (MasterRunner training = MasterRunner.workers(1)
			.workerOption("-XX:ArchiveClassesAtExit=" + archive.file())
			.start(archive.classPath(), null)) {
			training.awaitRunning().events();
			training.view();
		}
		return archive;
	}

	private static Path jar(Path classes, Path directory) throws IOException {
		Path jar = directory.resolve(classes.getFileName() + ".jar");
		try (OutputStream out = Files.newOutputStream(jar);
				ZipOutputStream zip = new ZipOutputStream(out);
				Stream<Path> files = Files.walk(classes)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".class")).toList()) {
				zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
				Files.copy(file, zip);
			}
		}
		return jar;
	}

}
