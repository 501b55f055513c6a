package io.github.clusterboot.master.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

import io.github.clusterboot.WorkerIdentity;
import io.github.clusterboot.master.loop.MasterLog;
import org.apache.commons.logging.Log;

/**
 * Asks a JVM for a thread dump, which it prints to its standard output on
 * {@code SIGQUIT}. The JDK can send {@code SIGTERM} and {@code SIGKILL} only, so the
 * shell does it.
 */
final class ThreadDump {

	private static final Log logger = MasterLog.of(ThreadDump.class);

	private ThreadDump() {
	}

	/**
	 * Ask for the dump, unless the worker has ended: its number may be another process's
	 * by now. Returns at once.
	 * @param worker the worker whose JVM is asked
	 * @param process its process
	 */
	static void ask(WorkerIdentity worker, WorkerProcess process) {
		if (!process.isAlive()) {
			return;
		}
		try {
			ProcessLauncher.start(
					new ProcessBuilder("/bin/sh", "-c", "kill -QUIT " + worker.pid()).redirectOutput(Redirect.DISCARD)
						.redirectError(Redirect.DISCARD));
		}
		catch (IOException ex) {
			logger.warn("Cannot ask " + worker + " for a thread dump: " + ex.getMessage());
		}
	}

}
