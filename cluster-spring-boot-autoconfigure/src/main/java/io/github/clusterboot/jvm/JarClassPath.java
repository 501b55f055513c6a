package io.github.clusterboot.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The class path of a jar that is started by {@code -jar}: the jar itself, and what
 * {@code Class-Path} of its manifest names.
 */
final class JarClassPath {

	private JarClassPath() {
	}

	/**
	 * Return the files.
	 * @param jar the jar
	 * @return the jar and the others, none of which need exist
	 */
	static List<Path> of(Path jar) {
		List<Path> files = new ArrayList<>(List.of(jar));
		for (String entry : entries(jar)) {
			try {
				files.add(Path.of(jar.toUri().resolve(entry)));
			}
			catch (RuntimeException ex) {
				// the JVM ignores what is not the URL of a file, too
			}
		}
		return files;
	}

	private static String[] entries(Path jar) {
		String value = null;
		try (JarFile file = new JarFile(jar.toFile())) {
			Manifest manifest = file.getManifest();
			value = (manifest != null) ? manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH) : null;
		}
		catch (IOException | RuntimeException ex) {
			// it may just be written to
		}
		return (value != null && !value.isBlank()) ? value.trim().split("\\s+") : new String[0];
	}

}
