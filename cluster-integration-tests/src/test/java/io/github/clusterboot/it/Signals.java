package io.github.clusterboot.it;

import java.io.IOException;

/**
 * Sends signals, by the shell's own {@code kill}.
 */
final class Signals {

	private Signals() {
	}

	/**
	 * Send a signal. Nothing happens where the process has ended.
	 * @param signal the name of the signal without {@code SIG}
	 * @param pid the process id
	 */
	static void send(String signal, long pid) {
		try {
			new ProcessBuilder("sh", "-c", "kill -\"$0\" \"$1\" 2>/dev/null", signal, String.valueOf(pid)).start()
				.waitFor();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
