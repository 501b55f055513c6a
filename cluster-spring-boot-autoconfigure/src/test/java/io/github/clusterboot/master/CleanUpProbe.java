package io.github.clusterboot.master;

import java.nio.file.Path;

/**
 * A process that deletes what dead masters of its user have left, as the next master
 * does.
 */
public final class CleanUpProbe {

	private CleanUpProbe() {
	}

	/**
	 * Clean up.
	 * @param args the directory for temporary files
	 */
	public static void main(String[] args) {
		AbandonedRunDirectories.deleteIn(Path.of(args[0]));
	}

}
