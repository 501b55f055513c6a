package io.github.clusterboot.launch;

/**
 * The port of a worker if the master's JVM was given a fixed one: the next port for the
 * first worker, and so on.
 */
final class WorkerPort {

	private static final int MAX_PORT = 65535;

	private WorkerPort() {
	}

	/**
	 * Return the worker's port.
	 * @param port the master's port
	 * @param index the index of the worker
	 * @return the port; the same if it is 0, which means any free port, or not a number,
	 * and 0 if there is none so high
	 */
	static String of(String port, int index) {
		if (!port.matches("\\d{1,5}") || Integer.parseInt(port) == 0) {
			return port;
		}
		int workerPort = Integer.parseInt(port) + 1 + index;
		return String.valueOf((workerPort <= MAX_PORT) ? workerPort : 0);
	}

}
