package io.github.clusterboot.archive;

import java.io.IOException;
import java.util.List;

import io.github.clusterboot.jvm.LaunchCommand;

/**
 * What a worker that is started now depends on: the JVM, its options and the files of the
 * application.
 *
 * @param text the key in full
 * @param application the files
 */
record CacheKey(String text, ApplicationFiles application) {

	/**
	 * Look at the files.
	 * @param launch how the application is started
	 * @param jvm what tells the JVM from others
	 * @param options the workers' options
	 * @return the key
	 * @throws IOException if the files cannot be read, or if classes that come from there
	 * cannot be archived; the message tells why
	 */
	static CacheKey of(LaunchCommand launch, String jvm, List<String> options) throws IOException {
		ApplicationFiles application = ApplicationFiles.of(launch);
		return new CacheKey(
				"%s\n%s\n%s\n".formatted(jvm, String.join("\n", options), String.join("\n", application.fingerprint())),
				application);
	}

	/**
	 * Return whether a worker that is started now depends on the same.
	 * @param launch how the application is started
	 * @param jvm what tells the JVM from others
	 * @param options the workers' options
	 * @return {@code false} if something differs, or the jar is being replaced
	 */
	boolean isCurrent(LaunchCommand launch, String jvm, List<String> options) {
		try {
			return of(launch, jvm, options).text().equals(this.text);
		}
		catch (IOException ex) {
			return false;
		}
	}

}
