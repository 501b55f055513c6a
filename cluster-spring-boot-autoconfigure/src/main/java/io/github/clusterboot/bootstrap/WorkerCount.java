package io.github.clusterboot.bootstrap;

import java.util.Locale;

import io.github.clusterboot.Cluster;

/**
 * The number of workers as {@code cluster.workers} gives it.
 */
final class WorkerCount {

	private WorkerCount() {
	}

	/**
	 * Return whether the number is that of the processors.
	 * @param value the value that was set
	 * @return whether it does not give a number
	 */
	static boolean isAuto(String value) {
		return value.isBlank() || value.trim().toLowerCase(Locale.ROOT).equals("auto");
	}

	static boolean isUsable(String value) {
		int number = of(value);
		return number >= 0 && number <= Cluster.MAX_WORKERS;
	}

	/**
	 * Return the number.
	 * @param value the value that was set
	 * @return the number, -1 if the value does not give one
	 */
	static int of(String value) {
		if (isAuto(value)) {
			return Math.min(Runtime.getRuntime().availableProcessors(), Cluster.MAX_WORKERS);
		}
		try {
			return Integer.parseInt(value.trim());
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

}
