package io.github.clusterboot.master.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.clusterboot.WorkerIdentity;

/**
 * A worker's process that the JDK has started without returning it.
 */
final class UntoldProcess {

	private UntoldProcess() {
	}

	/**
	 * Kill the process if there is one. Needs no thread.
	 * @param id the worker's id, which is part of the command line
	 */
	static void kill(int id) {
		String word = "-D" + WorkerIdentity.ID_PROPERTY + "=" + id;
		ProcessHandle.current()
			.children()
			.filter((child) -> words(child).contains(word))
			.forEach(ProcessHandle::destroyForcibly);
	}

	/**
	 * On Linux the JDK reads no more of a command line than fits into a page.
	 */
	private static List<String> words(ProcessHandle process) {
		try {
			Path file = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
			return List.of(new String(Files.readAllBytes(file)).split("\0"));
		}
		catch (IOException ex) {
			// macOS, or no /proc is mounted, or the process has ended
			return process.info().arguments().map(List::of).orElse(List.of());
		}
	}

}
