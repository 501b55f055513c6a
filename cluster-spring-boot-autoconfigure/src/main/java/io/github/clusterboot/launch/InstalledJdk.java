package io.github.clusterboot.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;

/**
 * The JDK that this JVM runs on and workers are started from, which may be replaced or
 * removed meanwhile.
 */
final class InstalledJdk {

	private static final Log logger = MasterLog.of(InstalledJdk.class);

	private static final String ACTION = "Restart the master.";

	private final Path java;

	private final String version;

	private boolean reported;

	/**
	 * Remember the JDK.
	 * @param java its java binary
	 */
	InstalledJdk(Path java) {
		this.java = java;
		this.version = version();
	}

	/**
	 * Check whether it is there. If it has been replaced, log that once.
	 * @throws IOException if it is not there
	 */
	void check() throws IOException {
		if (!Files.isExecutable(this.java)) {
			throw new IOException("The JDK in %s was replaced or removed. %s".formatted(home(), ACTION));
		}
		if (!this.reported && isReplaced()) {
			this.reported = true;
			logger.warn("%s Until then it runs on the old one, and workers on the new one.".formatted(replacement()));
		}
	}

	/**
	 * Return whether another build is in its place.
	 * @return whether it has been replaced
	 */
	boolean isReplaced() {
		return !version().equals(this.version);
	}

	/**
	 * Return what to tell the user if it has been replaced.
	 * @return two sentences
	 */
	String replacement() {
		return "The JDK in %s was replaced since the master started. %s".formatted(home(), ACTION);
	}

	private Path home() {
		Path bin = this.java.getParent();
		return (bin != null && bin.getParent() != null) ? bin.getParent() : this.java;
	}

	/**
	 * Every build has another image of modules.
	 */
	private String version() {
		try {
			BasicFileAttributes attributes = Files.readAttributes(home().resolve("lib/modules"),
					BasicFileAttributes.class);
			return "%d %s".formatted(attributes.size(), attributes.lastModifiedTime());
		}
		catch (IOException ex) {
			return "";
		}
	}

}
