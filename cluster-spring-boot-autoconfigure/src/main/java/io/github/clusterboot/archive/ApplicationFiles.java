package io.github.clusterboot.archive;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;

import io.github.clusterboot.jvm.ClassPathWildcards;
import io.github.clusterboot.jvm.LaunchCommand;
import io.github.clusterboot.jvm.WorkingDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The files that an application is started from, as they are now.
 *
 * @param classPath the class path of the JVM
 * @param executableJar the only jar on the class path, if the application's classes are
 * nested in it; {@code null} if they are on the class path itself
 * @param fingerprint what changes when a file does, a line for each
 */
record ApplicationFiles(String classPath, @Nullable Path executableJar, List<String> fingerprint) {

	/**
	 * Other launchers of Spring Boot take a class path that an extracted jar would not
	 * have.
	 */
	private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

	private static final String ANY_LAUNCHER = "org.springframework.boot.loader.";

	private static final String TOOLS = "BOOT-INF/lib/spring-boot-jarmode-tools-";

	/**
	 * Look at the files.
	 * @param launch how the application is started
	 * @return the files
	 * @throws IOException if they cannot be read, or if classes that come from there
	 * cannot be archived; the message tells why
	 */
	static ApplicationFiles of(LaunchCommand launch) throws IOException {
		List<String> program = launch.program();
		if (!program.get(0).equals("-jar")) {
			if (program.get(0).startsWith(ANY_LAUNCHER)) {
				throw new IOException("the application is started by " + program.get(0));
			}
			return ofClassPath(launch.classPath().get(1), launch.directory());
		}
		Path jar = launch.directory().resolve(program.get(1));
		try (JarFile file = new JarFile(jar.toFile())) {
			Manifest manifest = file.getManifest();
			Attributes attributes = (manifest != null) ? manifest.getMainAttributes() : new Attributes();
			if (attributes.getValue("Launcher-Agent-Class") != null) {
				throw new IOException("the jar starts an agent");
			}
			String main = attributes.getValue(Attributes.Name.MAIN_CLASS);
			if (main != null && main.startsWith(ANY_LAUNCHER)) {
				return ofExecutable(jar, file, main);
			}
			return ofLibraries(program.get(1), jar, attributes.getValue(Attributes.Name.CLASS_PATH));
		}
	}

	private static ApplicationFiles ofClassPath(String classPath, WorkingDirectory directory) throws IOException {
		List<String> fingerprint = new ArrayList<>();
		for (Path file : ClassPathWildcards.expand(classPath, directory)) {
			fingerprint.add(fingerprint(file));
		}
		return new ApplicationFiles(classPath, null, fingerprint);
	}

	/**
	 * An archive knows the jar by the name that the JVM was given.
	 */
	private static ApplicationFiles ofLibraries(String name, Path jar, @Nullable String classPath) throws IOException {
		List<String> fingerprint = new ArrayList<>(List.of(fingerprint(jar)));
		if (classPath != null && !classPath.isBlank()) {
			URI base = jar.toUri();
			for (String entry : classPath.trim().split("\\s+")) {
				fingerprint.add(fingerprint(libraryOf(base, entry)));
			}
		}
		return new ApplicationFiles(name, null, fingerprint);
	}

	private static Path libraryOf(URI base, String entry) throws IOException {
		try {
			return Path.of(base.resolve(entry));
		}
		catch (RuntimeException ex) {
			throw new IOException("the class path of the jar's manifest has " + entry, ex);
		}
	}

	/**
	 * HotSpot does not archive classes of folders. If a link in the path is switched to
	 * another release the file has the same path, and may have the same size and time.
	 */
	private static String fingerprint(Path file) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		if (!attributes.isRegularFile()) {
			throw new IOException("the class path has " + file + ", which is not a jar");
		}
		return "%s %s %d %s".formatted(file.toAbsolutePath(), file.toRealPath(), attributes.size(),
				attributes.lastModifiedTime());
	}

	private static ApplicationFiles ofExecutable(Path jar, JarFile file, String main) throws IOException {
		if (!main.equals(LAUNCHER)) {
			throw new IOException("the application is started by " + main);
		}
		boolean tools = false;
		CRC32 content = new CRC32();
		Enumeration<JarEntry> entries = file.entries();
		while (entries.hasMoreElements()) {
			JarEntry entry = entries.nextElement();
			tools |= entry.getName().startsWith(TOOLS);
			content.update("%s %x\n".formatted(entry.getName(), entry.getCrc()).getBytes(StandardCharsets.UTF_8));
		}
		if (!tools) {
			throw new IOException("the jar lacks Spring Boot's tools, which would extract it");
		}
		return new ApplicationFiles(jar.toString(), jar,
				List.of(fingerprint(jar), "content %08x".formatted(content.getValue())));
	}

}
