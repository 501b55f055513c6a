package io.github.clusterboot.worker;

import io.github.clusterboot.ipc.Signals;

/**
 * The signals that a terminal sends to every process of its foreground group. Only the
 * master acts on them.
 */
final class WorkerSignals {

	private WorkerSignals() {
	}

	static void leaveToMaster() {
		ignore("INT");
		ignore("HUP");
	}

	private static void ignore(String name) {
		try {
			Signals.ignore(name);
		}
		catch (IllegalArgumentException ex) {
			// with -Xrs the JVM leaves signals to the system: then they end the worker
		}
	}

}
