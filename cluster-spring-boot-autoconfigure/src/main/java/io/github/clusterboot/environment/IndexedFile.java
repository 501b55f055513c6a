package io.github.clusterboot.environment;

/**
 * Names each worker's own files.
 */
public final class IndexedFile {

	private IndexedFile() {
	}

	/**
	 * Return the name of a worker's file.
	 * @param name the name that all workers have been given
	 * @param index the worker's index
	 * @return the name with the index before its extension
	 */
	public static String nameOf(String name, Object index) {
		int dot = name.lastIndexOf('.');
		int end = (dot > name.lastIndexOf('/') + 1) ? dot : name.length();
		return name.substring(0, end) + "-" + index + name.substring(end);
	}

}
