package io.github.clusterboot.master;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Class data archives of a {@link PlainMaster} and of its workers, from which the JVMs of
 * these tests start with half the processor time. They need a class path of jars, see the
 * documentation of {@code java -XX:ArchiveClassesAtExit}.
 *
 * @param classPath the class path, of jars only
 * @param ofMaster the master's archive, which may be missing: then it starts without
 * @param ofWorkers the workers' archive, which may be missing, too
 */
record ClassArchives(String classPath, Path ofMaster, Path ofWorkers) {

	private static ClassArchives instance;

	/**
	 * Return the archives, which are made once in this JVM.
	 * @return the archives
	 */
	static synchronized ClassArchives get() {
		if (instance == null) {
			try {
				// the tests run in several JVMs at a time
				Path directory = Path.of("target/child-jvm", String.valueOf(ProcessHandle.current().pid()));
				OrdinaryUser.own(Files.createDirectories(directory.toAbsolutePath()));
				instance = create(OrdinaryUser.requireReadable(directory.toAbsolutePath()));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return instance;
	}

	private static ClassArchives create(Path directory) throws IOException {
		List<String> jars = new ArrayList<>();
		for (String entry : ChildJvm.classPath().split(File.pathSeparator)) {
			jars.add((Files.isDirectory(Path.of(entry)) ? jar(Path.of(entry), directory)
					: accessible(Path.of(entry), directory))
				.toString());
		}
		ClassArchives archives = new ClassArchives(String.join(File.pathSeparator, jars),
				directory.resolve("master.jsa"), directory.resolve("worker.jsa"));
		Files.deleteIfExists(archives.ofMaster());
		Files.deleteIfExists(archives.ofWorkers());
		try (MasterRunner training = MasterRunner.workers(1)
			.masterOption(toWrite(archives.ofMaster()))
			.workerOption(toWrite(archives.ofWorkers()))
			.startWithoutArchives(archives.classPath())) {
			training.awaitRunning().events();
			training.view();
		}
		return archives;
	}

	/**
	 * A copy if the processes are another user's: the local Maven repository may be in a
	 * home directory that others cannot enter.
	 */
	private static Path accessible(Path jar, Path directory) throws IOException {
		return OrdinaryUser.isAnother()
				? Files.copy(jar, directory.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING) : jar;
	}

	private static String toWrite(Path archive) {
		return "-XX:ArchiveClassesAtExit=" + archive;
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
