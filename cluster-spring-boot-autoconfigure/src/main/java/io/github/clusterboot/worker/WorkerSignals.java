package io.github.clusterboot.worker;

import io.github.clusterboot.os.Signals;

/**
 * The signals of a worker. Those that are meant for the master may reach all processes of
 * its group, as a terminal sends them: only the master acts on them.
 */
final class WorkerSignals {

	private WorkerSignals() {
	}

	static void leaveToMaster() {
		ignore("INT");
		ignore("HUP");
		ignore("TTIN");
		ignore("TTOU");
	}

	/**
	 * Handle {@code TERM}. The JVM would end the process at once: its shutdown hooks do
	 * not wait for what the worker still has to finish.
	 * @param action what to do
	 */
	static void onTerminate(Runnable action) {
		try {
			Signals.handle("TERM", (number) -> action.run());
		}
		catch (IllegalArgumentException ex) {
			// with -Xrs the signal ends the worker at once
		}
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
