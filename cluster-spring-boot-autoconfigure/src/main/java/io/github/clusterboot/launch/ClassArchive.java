package io.github.clusterboot.launch;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.regex.Pattern;

import io.github.clusterboot.jvm.WorkingDirectory;

/**
 * The JVM options that make the JVM write an archive of its classes (CDS, AOT cache).
 * Only one JVM can write it; options that read one do not matter.
 */
final class ClassArchive {

	private static final Pattern WRITES = Pattern
		.compile("-XX:(?:(?:ArchiveClassesAtExit|AOTCacheOutput|DumpLoadedClassList)=.*"
				+ "|AOTMode=(?:record|create)|\\+AutoCreateSharedArchive)");

	private static final String READ_WHILE_WRITTEN = "-XX:SharedArchiveFile=";

	private static final String CONFIGURATION = "-XX:AOTConfiguration=";

	private final List<String> writing;

	private final WorkingDirectory directory;

	/**
	 * Look for the options.
	 * @param options all options that a worker would have
	 * @param directory the workers' directory
	 */
	ClassArchive(List<String> options, WorkingDirectory directory) {
		this.directory = directory;
		this.writing = options.stream().filter((option) -> WRITES.matcher(option).matches()).toList();
	}

	/**
	 * Return the options that write an archive.
	 * @return the options
	 */
	List<String> writing() {
		return this.writing;
	}

	/**
	 * Return whether a worker must not have the option. The configuration goes with the
	 * mode that writes it, and an archive that does not exist yet is an error to JDK 25.
	 * @param option the option
	 * @return whether to leave it out
	 */
	boolean excludes(String option) {
		if (this.writing.isEmpty()) {
			return false;
		}
		return this.writing.contains(option) || option.startsWith(CONFIGURATION)
				|| (option.startsWith(READ_WHILE_WRITTEN) && !exists(option.substring(READ_WHILE_WRITTEN.length())));
	}

	private boolean exists(String file) {
		try {
			return Files.exists(this.directory.resolve(file));
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

}
